interface NoRoomProps {
  readonly hasRoomsBeside: boolean;
  readonly onShowRooms: () => void;
}

export function NoRoom({ hasRoomsBeside, onShowRooms }: NoRoomProps) {
  return (
    <main class="empty">
      <h2>No room is open</h2>
      <p>Join one of the suggested rooms, or make one of your own by giving it a name.</p>
      {!hasRoomsBeside && (
        <button type="button" class="primary" onClick={onShowRooms}>
          Show rooms
        </button>
      )}
    </main>
  );
}

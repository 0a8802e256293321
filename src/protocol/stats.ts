/** The answer of `GET /ws/stats` and of `SocketService.getStats()` (STAT-1). */
export interface Stats {
  /** Authenticated connections. */
  totalConnections: number;
  /** Rooms with somebody in them. */
  totalRooms: number;
  rooms: { slug: string; userCount: number }[];
}

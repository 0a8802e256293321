/** What one node has to tell another about one room. */
export interface Letter {
  readonly roomId: number;
  readonly kind: string;
  /** Not checked: who reads it must. */
  readonly data: unknown;
  /** A view of the parcel's body. */
  readonly body: Buffer;
}

type Written = [roomId: number, kind: string, data: unknown, bytes: number];

/** Many letters for one node, on their way as one message: their heads in its data, their bodies one behind the other. */
export class Parcel {
  readonly letters: Written[] = [];
  readonly body: Buffer[] = [];
  bytes = 0;

  /** @param body in pieces that follow one another */
  add(roomId: number, kind: string, data: unknown, body: readonly Buffer[]): void {
    let bytes = 0;
    for (const piece of body) {
      this.body.push(piece);
      bytes += piece.length;
    }
    this.letters.push([roomId, kind, data, bytes]);
    this.bytes += bytes;
  }
}

/** @returns the letters of a parcel; undefined when it is none */
export function unpacked(letters: unknown, body: Buffer): Letter[] | undefined {
  if (!Array.isArray(letters)) return undefined;
  const found: Letter[] = [];
  let taken = 0;
  for (const letter of letters as unknown[]) {
    if (!isWritten(letter)) return undefined;
    const [roomId, kind, data, bytes] = letter;
    found.push({ roomId, kind, data, body: body.subarray(taken, taken + bytes) });
    taken += bytes;
  }
  return taken === body.length ? found : undefined;
}

function isWritten(letter: unknown): letter is Written {
  if (!Array.isArray(letter)) return false;
  const [roomId, kind, , bytes] = letter as unknown[];
  return Number.isSafeInteger(roomId) && typeof kind === 'string' && Number.isSafeInteger(bytes) && Number(bytes) >= 0;
}

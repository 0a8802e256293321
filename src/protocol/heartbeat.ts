/** Client: I am alive (BEAT-2). Gets no answer (BEAT-3). */
export class PongMessage {}

/** Server: are you there? Sent beside the native ping frame (BEAT-1). */
export interface Ping {
  type: 'ping';
}

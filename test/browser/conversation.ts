import type { OwnServer } from '../support/own-server.js';
import type { TestClient } from '../support/ws-client.js';

type Lines = readonly (readonly [name: string, text: string])[];

const ROOM = 'general-chat';

const YESTERDAY: Lines = [
  ['Lucía Ferrer', 'Does anybody have a spare place in the workshop on Saturday?'],
  ['Mateo', 'Two left, I think. Ask Inés, she keeps the list.'],
  ['Inés Duarte', 'One left now. It is yours if you want it!'],
  ['Lucía Ferrer', 'I do! Thank you, you saved my weekend.'],
];

const TODAY: Lines = [
  ['Mateo', 'Anyone at La Viruta tonight?'],
  ['Mateo', 'They have a live orchestra from eleven on.'],
  ['Inés Duarte', 'I am! Coming straight from class, so I may be a bit late.'],
  [
    'Lucía Ferrer',
    'Save me a tanda. Last week the floor was so full that we left at two and went on dancing in the street.',
  ],
  ['سلمى', 'سأكون هناك أيضا، أراكم الليلة'],
];

const ELSEWHERE: Lines = [
  ['Inés Duarte', 'Slow down the ochos: the pause is half of the step.'],
  ['Mateo', 'And breathe.'],
];

/** Whose eyes the pictures are seen with; may only listen in tango-tips. */
export const MUTED = 'Ana Ruiz';

/** Some days in the life of a small tango network, as the pictures show it. The first start of its server. */
export class Conversation {
  private readonly clients = new Map<string, TestClient>();

  constructor(private readonly server: OwnServer) {}

  async begin(): Promise<void> {
    await this.say(ROOM, YESTERDAY);
    await this.arrive(MUTED);
    await this.say('tango-tips', ELSEWHERE.slice(0, 1));
    await this.say('events-buenos-aires', [['Lucía Ferrer', 'The práctica at Villa Malcolm moves to Thursday.']]);
    this.clients.clear();
    await this.server.arrange(async (sql) => {
      await sql("UPDATE messages SET created_at = created_at - interval '24 hours'");
      await sql(
        `INSERT INTO room_members (room_id, user_id, role, muted_until)
         SELECT rooms.id, users.id, 'member', now() + interval '1 day' FROM rooms, users
         WHERE rooms.slug = 'tango-tips' AND users.username = $1`,
        [MUTED],
      );
    });
    await this.say(ROOM, TODAY);
  }

  /** Two lines where one does not look. */
  async goOnElsewhere(): Promise<void> {
    await this.say('tango-tips', ELSEWHERE);
  }

  async answer(name: string, text: string): Promise<void> {
    await this.say(ROOM, [[name, text]]);
  }

  private async say(room: string, lines: Lines): Promise<void> {
    for (const [name, text] of lines) {
      const client = this.clients.get(name) ?? (await this.arrive(name));
      this.clients.set(name, client);
      await client.join(room);
      await client.say(room, text);
    }
  }

  private async arrive(username: string): Promise<TestClient> {
    const { json } = await this.server.post('/auth/demo', { username });
    return this.server.connectAs(json as { token: string });
  }
}

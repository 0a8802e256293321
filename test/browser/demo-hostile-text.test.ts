import { describe, expect, test } from '@jest/globals';
import { ChromiumSuite } from './chromium-suite.js';

const HOSTILE = [
  '<script>hacked()</script>',
  '<img src=x onerror=hacked()>',
  '<svg/onload=hacked()>',
  '"><img src=x onerror=hacked()>',
  '</p></li></ol><iframe srcdoc="<script>parent.hacked()</script>"></iframe>',
  '<!--><img src=x onerror=hacked()>-->',
  '<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=hacked()>">',
  '<details open ontoggle=hacked()>',
  '<a href="javascript:hacked()" autofocus onfocus=hacked()>x</a>',
  '<\u0000img src=x onerror=hacked()>',
  '<\u202Eimg src=x onerror=hacked()>',
  '&lt;img src=x onerror=hacked()&gt;',
  '&#60;img src=x onerror=hacked()&#62;',
  '<<img src=x onerror=hacked()//',
  '<img src=x onerror=hacked() <',
  'https://example.com/<img src=//example.com/x>',
  '{{constructor.constructor("hacked()")()}}',
];

/** What the log may be made of; an image, a frame or a link in it came out of a message. */
const OWN_ELEMENTS = 'p, ol, li, div, bdi, span, time, svg, path';

describe('hostile text in a real browser', () => {
  const suite = new ChromiumSuite();

  test('it runs nothing and loads nothing, on this page and on one that puts it into innerHTML', async () => {
    const [ana, bruno] = await suite.two();
    const careless = await suite.context.newPage();
    await careless.setContent('<div id="wall"></div>');
    for (const page of [bruno.page, careless]) await page.evaluate('globalThis.hacked = () => alert("hacked")');
    const dialogs: string[] = [];
    careless.on('dialog', (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });

    const { witness } = await suite.server.members(suite.room, 'witness');
    for (const text of HOSTILE) {
      await ana.say(text);
      const { data } = (await witness.client.nextOfType('new_message')) as unknown as { data: { message: string } };
      await careless.evaluate(
        `document.getElementById('wall').insertAdjacentHTML('beforeend', '<p>' + ${JSON.stringify(data.message)} + '</p>')`,
      );
    }
    await ana.say('the end');
    await bruno.seesMessage('the end');
    // Images and frames that were made would have failed or loaded by now.
    await careless.waitForTimeout(500);

    expect(dialogs).toEqual([]);
    expect(await careless.locator('#wall :not(p)').count()).toBe(0);
    expect(await bruno.log.locator(`:not(${OWN_ELEMENTS})`).count()).toBe(0);
    expect((await bruno.texts())[0]).toBe('<script>hacked()</script>');
    expect(await bruno.texts()).toEqual(await ana.texts());
    expect([...ana.complaints, ...bruno.complaints]).toEqual([]);
  });
});

import { inflateSync } from 'node:zlib';
import { readPng } from '@holdfast/dataset/png';
import { writePng } from '@holdfast/dataset/write-png';
import { describe, expect, test } from 'vitest';
import { contactSheet } from '../src/robustness/output/contact-sheet.ts';
import { type Example, examplesOf } from '../src/robustness/output/examples.ts';
import { textPixels } from '../src/robustness/output/glyphs.ts';
import { html } from '../src/robustness/output/markup.ts';
import { robustnessPage } from '../src/robustness/output/page.ts';
import { pictureLayout, pictureOf } from '../src/robustness/output/pictures.ts';
import { robustnessReport } from '../src/robustness/report.ts';
import { resultOf } from './trial-scene.ts';

describe('pictures', () => {
  test('are channels first or channels last, grey or in colours', () => {
    const grey = { channels: 1, height: 8, width: 9, isChannelsLast: false };
    expect(pictureLayout([1, 8, 9])).toEqual(grey);
    expect(pictureLayout([8, 9, 3])).toEqual({ ...grey, channels: 3, isChannelsLast: true });
    for (const dims of [[64], [8, 8], [2, 8, 8], [8, 8, 4], [1, 1, 64], [3, 2, 2], [1, 8, 8, 8]]) {
      expect(pictureLayout(dims), String(dims)).toBeUndefined();
    }
  });

  test('have the pixels of the sample, from low to high', () => {
    // 4 by 4 of which only the pixel in line 1, column 2 is not black: red 1, green 0.5, blue 0.2, of −1 to 1
    const at = (channelsLast: boolean, channel: number): number => (channelsLast ? 6 * 3 + channel : channel * 16 + 6);
    for (const isChannelsLast of [false, true]) {
      const sample = new Float32Array(48).fill(-1);
      [1, 0, -0.6].forEach((value, channel) => (sample[at(isChannelsLast, channel)] = value));
      const layout = pictureLayout(isChannelsLast ? [4, 4, 3] : [3, 4, 4])!;
      const { pixels } = pictureOf(sample, layout, { low: -1, high: 1 });
      const expected = new Uint8Array(48);
      expected.set([255, 128, 51], 18);
      expect([...pixels]).toEqual([...expected]);
    }
  });

  test('are written as PNG that says what it holds', () => {
    const image = {
      width: 3,
      height: 2,
      channels: 3,
      pixels: Uint8Array.from({ length: 18 }, (_, index) => index * 14),
    };
    const bytes = Buffer.from(writePng(image));
    expect(readPng(bytes, 'made.png')).toEqual(image);
    // by hand: PNG (Third Edition), 11.2: length, IHDR, 3 by 2, eight bits, colour type 2
    expect(bytes.toString('hex', 0, 29)).toBe(
      '89504e470d0a1a0a' + '0000000d49484452' + '0000000300000002' + '0802000000',
    );
    const data = bytes.subarray(bytes.indexOf('IDAT') + 4, bytes.indexOf('IEND') - 8);
    expect([...inflateSync(data)]).toEqual([0, ...image.pixels.subarray(0, 9), 0, ...image.pixels.subarray(9)]);
    expect(() => writePng({ ...image, height: 3 })).toThrow(RangeError);
    expect(() => writePng({ ...image, channels: 5 })).toThrow(RangeError);
  });
});

test('glyphs can be read; what has none is a box', () => {
  const drawn = (text: string) => textPixels(text).map((line) => line.map((pixel) => ' #'[pixel]).join(''));
  expect(drawn('2→b')).toEqual([
    ' ###        #### ',
    '#   #   #   #   #',
    '    #    #  #   #',
    '   #  ##### #### ',
    '  #      #  #   #',
    ' #      #   #   #',
    '#####       #### ',
  ]);
  expect(drawn('木')).toEqual(['#####', '#   #', '#   #', '#   #', '#   #', '#   #', '#####']);
  const all = Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./+<>=×→ ?', (each) => drawn(each).join('\n'));
  expect(new Set(all).size).toBe(all.length);
});

describe('a contact sheet', () => {
  const grey = (value: number) => ({ width: 8, height: 8, channels: 1, pixels: new Uint8Array(64).fill(value) });
  const example: Example = {
    ...{ row: 5, label: 3, became: 8, brokenBy: 'steep', distance: 0.1, times: 5 },
    ...{ original: grey(10), change: grey(128), changed: grey(250) },
  };

  test('has the original, the change and what it became beside one another, enlarged', () => {
    const { width, height, pixels } = contactSheet([example]);
    const at = (x: number, y: number): number => pixels[(y * width + x) * 3] ?? -1;
    // from the margin of 20 pixels three pictures of 96, four apart
    expect([width, at(20, 20), at(115, 115), at(120, 20), at(215, 115), at(220, 20), at(315, 115)]).toEqual([
      336, 10, 10, 128, 128, 250, 250,
    ]);
    const ground = at(0, 0);
    expect([at(19, 20), at(116, 20), at(316, 20)]).toEqual([ground, ground, ground]);
    expect(height).toBeGreaterThan(136);
  });

  test('has three examples in a line', () => {
    expect(contactSheet([example, example, example, example]).width).toBe(20 + 3 * 316);
    expect(contactSheet([]).width).toBe(1);
  });
});

describe('the examples', () => {
  const size = 64;
  const broken = [0, 1, 2, 3, 4, 6, 8];
  const result = resultOf(
    (row) => (broken.includes(row) ? { brokenBy: 'steep', became: 1 - (row % 2), distance: 0.05 } : {}),
    {
      subject: { model: 'sha256:aa', data: 'sha256:bb', total: 40, dims: [1, 8, 8], classes: 2 },
      changed: {
        rows: broken,
        original: new Float32Array(broken.length * size).fill(0.5),
        // half of each picture goes up by a tenth, half down by a twentieth
        changed: Float32Array.from({ length: broken.length * size }, (_, at) => (at % size < 32 ? 0.6 : 0.45)),
      },
    },
  );

  test('are amplified so that the largest change is white or black', () => {
    const [first] = examplesOf(result);
    expect(first).toMatchObject({ row: 0, label: 0, became: 1 });
    expect([first?.change.pixels[0], first?.change.pixels[63]]).toEqual([255, 64]);
    expect(first?.times).toBeCloseTo(5, 4);
  });

  test('are of every class in turn', () => {
    expect(examplesOf(result).map(({ row }) => row)).toEqual([0, 2, 4, 6, 8, 1, 3]);
    const large = { ...result.subject, dims: [3, 500, 500] };
    const blank = new Float32Array(broken.length * 750_000);
    const some = examplesOf({ ...result, subject: large, changed: { rows: broken, original: blank, changed: blank } });
    expect(some.map(({ row }) => row)).toEqual([0, 2, 1]);
  });

  test('stand in the page, which needs nothing else and runs nothing', () => {
    const name = '<script>alert(1)</script>"&';
    const odd = { ...result, subject: { ...result.subject, classNames: ['<b>cat</b>', 'dog'] } };
    const page = robustnessPage(name, odd, robustnessReport(odd));
    expect(page).not.toMatch(/<script|<b>cat/);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;');
    expect(page.match(/src="data:image\/png;base64,/g)).toHaveLength(3 * 7);
    // no address of anything but what the page holds itself
    expect(page).not.toMatch(/(?:src|href)="(?!data:)|url\(|@import/);
    expect(page).toContain("default-src 'none'");
    expect(page).toMatch(/<polyline class="curve" points="0,0 /);
    expect(page).toContain('&lt;b&gt;cat&lt;/b&gt;');
  });

  test('are none where samples are no pictures', () => {
    expect(examplesOf({ ...result, subject: { ...result.subject, dims: [64] } })).toEqual([]);
  });
});

test('text in markup is text, and cannot turn a line around', () => {
  expect(html`<p title="${'"\'<&>'}">${'a\u202eb'}${[html`<i>${1}</i>`, html``]}</p>`.markup).toBe(
    '<p title="&quot;&#39;&lt;&amp;&gt;">a\u{fffd}b<i>1</i></p>',
  );
});

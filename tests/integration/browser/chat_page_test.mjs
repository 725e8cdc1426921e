// The chat of examples/streams: two tabs of Chromium and a terminal in one room.
// CHROMIUM, SERVER and CLIENT are the three programs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';

const children = [];

// `ended` comes to the exit status.
function start(program, ...args) {
  const child = spawn(program, args, { stdio: 'pipe' });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const errors = child.stderr.setEncoding('utf8').toArray();
  const ended = once(child, 'exit').then(([status]) => status);
  children.push(child);
  return {
    say: (text) => child.stdin.write(text + '\n'),
    hear: async () => (await lines.next()).value,
    stop: () => child.kill(),  // SIGTERM
    complaint: async () => (await errors).join(''),
    ended,
  };
}

// A test that waits in vain fails, and its children end.
describe('the chat page', { timeout: 90_000 }, () => {
  let address;  // "tcp@127.0.0.1:7000"
  let ann;      // in the terminal
  let bob;      // in tabs
  let browser;
  let eve;
  let origin;
  let server;

  async function open(name) {
    const page = await browser.newPage();
    await page.goto(origin + '/chat');
    await page.fill('[name=name]', name);
    const shows = (state) => page.locator('#state', { hasText: state }).waitFor();
    await shows('listening');
    return {
      shows,
      say: async (text) => {
        await page.fill('[name=text]', text);
        await page.click('button');
      },
      // The line of that number, once it is there.
      hear: (at) => page.locator('#lines li').nth(at).textContent(),
      close: () => page.close(),
      evaluate: (code) => page.evaluate(code),
    };
  }

  async function streams() {
    const metrics = await (await fetch(origin + '/metrics')).text();
    return Number(metrics.match(/^tern_server_streams (\d+)$/m)[1]);
  }

  before(async () => {
    server = start(process.env.SERVER);
    address = await server.hear();
    origin = address.replace('tcp@', 'http://');
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu'],
    });
    bob = await open('bob');
    eve = await open('eve');
    ann = start(process.env.CLIENT, address, 'ann');
  });

  after(async () => {
    await browser?.close();
    for (const child of children) child.kill();
  });

  test('hears what the terminal and the other tab say, and is heard by both', async () => {
    ann.say('is anybody here?');
    assert.equal(await ann.hear(), 'ann: is anybody here?');
    await bob.say('I am');
    assert.equal(await ann.hear(), 'bob: I am');
    await eve.say('<b>me</b>, too');
    assert.equal(await ann.hear(), 'eve: <b>me</b>, too');
    for (const tab of [bob, eve]) {
      assert.equal(await tab.hear(0), 'ann is anybody here?');
      assert.equal(await tab.hear(1), 'bob I am');
      assert.equal(await tab.hear(2), 'eve <b>me</b>, too');
    }
  });

  test('is seen on the debug page, with the sides that stream', async () => {
    const page = await browser.newPage();
    await page.goto(origin + '/debug/rpc');
    const signature = (method) =>
      page.locator('.methods code', { has: page.locator(`b:text-is("${method}")`) }).textContent();
    assert.equal(await signature('Talk'), 'Talk(stream streams.Line) → stream streams.Line');
    assert.equal(await signature('Upload'), 'Upload(stream streams.Piece) → streams.Summary');
    assert.equal(await signature('Watch'), 'Watch(streams.WatchRequest) → stream streams.Change');
    assert.equal(await page.locator('.connections tbody tr:has-text("streams.Chat.")').count(), 3);
    await page.close();
  });

  test('leaves the room when its tab is closed', async () => {
    assert.equal(await streams(), 3);
    await eve.close();
    while (await streams() !== 2);
    ann.say('are you still there?');
    assert.equal(await ann.hear(), 'ann: are you still there?');
    assert.equal(await bob.hear(3), 'ann are you still there?');
  });

  test('has the changes of the store beside it, each with its revision', async () => {
    const changes = await bob.evaluate(() => new Promise((done) => {
      const seen = [];
      const source = new EventSource('/streams.Store/Watch?message={}');
      const set = (text) => fetch('/streams.Store/Set', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ key: 'key', text }),
      });
      source.onmessage = (event) => {
        seen.push([event.lastEventId, JSON.parse(event.data).text]);
        if (seen.length < 2) return;
        source.close();
        done(seen);
      };
      set('one').then(() => set('two'));
    }));
    assert.deepEqual(changes, [['1', 'one'], ['2', 'two']]);
  });

  test('goes on when the server has been restarted', async () => {
    server.stop();
    assert.equal(await server.ended, 0);
    await bob.shows('lost; the browser connects again');
    ann.say('hello?');  // the line that its client learns from
    assert.equal(await ann.ended, 1);
    assert.match(await ann.complaint(), /^streams_client: unavailable/);

    server = start(process.env.SERVER, address);
    assert.equal(await server.hear(), address);
    await bob.shows('listening');
    await bob.say('so here we are again');
    assert.equal(await bob.hear(4), 'bob so here we are again');
  });
});

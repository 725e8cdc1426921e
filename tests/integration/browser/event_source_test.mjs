// Streams in a web page: EventSource and fetch() of Chromium, of a page of another origin.
// CHROMIUM and SERVER are the two programs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';

async function serve() {
  const process_ = spawn(process.env.SERVER, [], { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface(process_.stdout)) {
    return { origin: 'http://' + line.replace('tcp@', ''), stop: () => process_.kill() };
  }
  throw new Error('the server has not said where it listens');
}

const count = (from) =>
  `/feed.Feed/Count?encoding=json&message=${encodeURIComponent(JSON.stringify(from))}`;

describe('a stream in a web page', () => {
  let browser;
  let elsewhere;  // the web server of the page
  let page;
  let server;

  before(async () => {
    elsewhere = http.createServer((_, answer) => {
      answer.setHeader('Content-Type', 'text/html');
      answer.end('<!doctype html><title>elsewhere</title>');
    });
    await new Promise((ready) => elsewhere.listen(0, '127.0.0.1', ready));
    server = await serve();
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu'],
    });
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${elsewhere.address().port}`);
  });

  after(async () => {
    await browser?.close();
    elsewhere?.close();
    server?.stop();
  });

  test('is events with ids, and then an end', async () => {
    const events = await page.evaluate((url) => new Promise((done) => {
      const seen = [];
      const source = new EventSource(url);
      source.onmessage = (event) => seen.push([event.lastEventId, JSON.parse(event.data)]);
      source.addEventListener('end', (event) => {
        source.close();
        done([...seen, event.data]);
      });
    }), server.origin + count({ at: 5, count: 2 }));
    assert.deepEqual(events, [['6', { at: 6 }], ['7', { at: 7 }], '{}']);
  });

  test('goes on behind the last event when EventSource connects again', async () => {
    const seen = await page.evaluate((url) => new Promise((done) => {
      const seen = [];
      const source = new EventSource(url);  // not closed at the end: it connects again
      source.onmessage = (event) => {
        seen.push(JSON.parse(event.data).at);
        if (seen.length < 6) return;
        source.close();
        done(seen);
      };
    }), server.origin + count({ count: 3 }));
    assert.deepEqual(seen, [1, 2, 3, 4, 5, 6]);
  });

  test('ends with an event of its error', async () => {
    const error = await page.evaluate((url) => new Promise((done) => {
      const source = new EventSource(url);
      source.addEventListener('error', (event) => {
        if (event.data === undefined) return;  // of the connection
        source.close();
        done(JSON.parse(event.data));
      });
    }), server.origin + count({ count: -1 }));
    assert.deepEqual(error, { code: 'not_found', message: 'no more ticks' });
  });

  test('is lines of JSON to fetch(), and its handler is cancelled with it', async () => {
    const leavers = async () =>
      (await (await fetch(server.origin + '/feed.Feed/Leavers?encoding=json')).json()).streams;
    const had = await leavers();
    const text = await page.evaluate(async (url) => {
      const leaving = new AbortController();
      const answer = await fetch(url, { signal: leaving.signal });
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      while (text.split('\n').length < 4) text += (await reader.read()).value;
      leaving.abort();
      return text;
    }, server.origin + count({}));
    assert.equal(text, '{"at":1}\n{"at":2}\n{"at":3}\n');
    while (await leavers() === had);
  });
});

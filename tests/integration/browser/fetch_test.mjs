// Calls from web pages: fetch() of Chromium, of the server's own origin and of another one.
// CHROMIUM and SERVER are the two programs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';

// A server that lets pages of these origins in.
async function serve(origins) {
  const process_ = spawn(process.env.SERVER, origins, { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface(process_.stdout)) {
    return { origin: 'http://' + line.replace('tcp@', ''), stop: () => process_.stdin.end() };
  }
  throw new Error('the server has not said where it listens');
}

// How many calls of a method the server has taken.
async function calls(server, name) {
  const page = await (await fetch(server.origin + '/debug/rpc?format=json')).json();
  return page.methods.find((method) => method.method === name).calls;
}

// What a page gets for one call: { status, body }, or { refused } if the browser keeps it back.
function callFromPage(page, url, request) {
  return page.evaluate(async ({ url, request }) => {
    try {
      const answer = await fetch(url, request);
      return { status: answer.status, body: await answer.json() };
    } catch (error) {
      return { refused: error.name };
    }
  }, { url, request });
}

const json = (argument) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(argument),
});

describe('fetch() of a web page', { concurrency: true }, () => {
  let browser;
  let elsewhere;  // the web server of the page of another origin
  let page;
  let closed;     // a server that lets no pages in
  let opened;     // one that lets this page in

  before(async () => {
    elsewhere = http.createServer((_, answer) => {
      answer.setHeader('Content-Type', 'text/html');
      answer.end('<!doctype html><title>elsewhere</title>');
    });
    await new Promise((ready) => elsewhere.listen(0, '127.0.0.1', ready));
    const origin = `http://127.0.0.1:${elsewhere.address().port}`;
    closed = await serve([]);
    opened = await serve([origin]);
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu'],
    });
    page = await browser.newPage();
    await page.goto(origin);
  });

  after(async () => {
    await browser?.close();
    elsewhere?.close();
    closed?.stop();
    opened?.stop();
  });

  test('calls the server that its page is of', async () => {
    const own = await browser.newPage();
    await own.goto(closed.origin + '/debug/rpc');
    assert.deepEqual(await callFromPage(own, '/arith.Arith/Multiply', json({ A: 7, B: 8 })),
      { status: 200, body: 56 });
    const zero = await callFromPage(own, '/arith.Arith/Divide', json({ A: 7, B: 0 }));
    assert.equal(zero.status, 400);
    assert.equal(zero.body.code, 'invalid_argument');
    assert.equal(zero.body.message, 'divide by zero');
    assert.deepEqual(zero.body.details[0].debug, { dividend: 7 });
    assert.deepEqual(await callFromPage(own, '/rpc',
      json({ jsonrpc: '2.0', method: 'Arith.Multiply', params: { A: 6, B: 7 }, id: 1 })),
    { status: 200, body: { jsonrpc: '2.0', result: 42, id: 1 } });
    await own.close();
  });

  test('calls a server that lets its origin in', async () => {
    assert.deepEqual(
      await callFromPage(page, opened.origin + '/arith.Arith/Multiply', json({ A: 7, B: 8 })),
      { status: 200, body: 56 });
    const zero = await callFromPage(page, opened.origin + '/arith.Arith/Divide', json({ A: 7, B: 0 }));
    assert.equal(zero.body.message, 'divide by zero', 'errors are for the page, too');
  });

  test('does not reach handlers of a server that lets no origin in', async () => {
    const url = closed.origin + '/arith.Arith/Sleep';
    // With a preflight, and the kinds that browsers send without one.
    for (const request of [
      json(0),
      { method: 'POST', body: '0' },
      { method: 'POST', body: '0', headers: { 'Content-Type': 'text/plain' } },
      { method: 'POST', body: new URLSearchParams({ a: '1' }).toString(),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
    ]) {
      assert.deepEqual(await callFromPage(page, url, request), { refused: 'TypeError' });
    }
    const idempotent = closed.origin + '/arith.Arith/Multiply?encoding=json&connect=v1&message=' +
      encodeURIComponent('{"A":7,"B":8}');
    assert.deepEqual(await callFromPage(page, idempotent, { method: 'GET' }), { refused: 'TypeError' });
    await page.evaluate((target) => fetch(target, { method: 'POST', mode: 'no-cors', body: '0' }), url);
    assert.equal(await calls(closed, 'Sleep'), 0);
  });
});

// The debug page of a server that runs, in Chromium.  CHROMIUM and SERVER are the two programs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';

let server;
let browser;
let origin;

// The page in a window of its own, and what it complains of and asks for.
async function open(options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const seen = { page, complaints: [], requests: [], close: () => context.close() };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) seen.complaints.push(message.text());
  });
  page.on('pageerror', (error) => seen.complaints.push(String(error)));
  page.on('request', (request) => seen.requests.push(request.url()));
  const answer = await page.goto(origin + '/debug/rpc');
  assert.equal(answer.status(), 200);
  return seen;
}

async function call(method, argument) {
  const answer = await fetch(`${origin}/arith.Arith/${method}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(argument),
  });
  return answer.json();
}

function row(page, method) {
  return page.locator('.methods tbody tr', { has: page.locator(`b:text-is("${method}")`) });
}

// As the browser has computed it: "rgb(20, 23, 26)" is about 22.
function brightness(color) {
  const parts = color.match(/\d+/g).slice(0, 3).map(Number);
  return parts.reduce((sum, part) => sum + part, 0) / 3;
}

describe('the debug page', { concurrency: true }, () => {
  before(async () => {
    server = spawn(process.env.SERVER, ['tcp@127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface(server.stdout)) {
      origin = 'http://' + line.replace('tcp@', '');
      break;
    }
    // Without a sandbox, so that it runs as root, too.
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu'],
    });
  });

  after(async () => {
    await browser?.close();
    server?.kill();
  });

  test('shows a call without being loaded anew', async () => {
    const { page, complaints, requests, close } = await open();
    await page.evaluate(() => { window.loadedOnce = true; });
    const cell = row(page, 'Multiply').locator('td[data-name="Calls"]');
    const calls = Number(await cell.textContent());
    await page.evaluate(() => { document.querySelector('.methods tbody tr').mark = 'the same'; });

    assert.equal(await call('Multiply', { A: 7, B: 8 }), 56);
    assert.equal((await call('Divide', { A: 7, B: 0 })).code !== undefined, true);

    // The page may show the one call before the other.
    await cell.filter({ hasText: new RegExp(`^${calls + 1}$`) }).waitFor();
    await row(page, 'Divide').locator('td[data-name="Failed"]')
      .filter({ hasText: /^1\s*invalid_argument 1$/ }).waitFor();
    assert.equal(await row(page, 'Multiply').locator('svg rect').count(), 1);
    assert.equal(await page.evaluate(() => window.loadedOnce), true);
    const mark = await page.evaluate(() => document.querySelector('.methods tbody tr').mark);
    assert.equal(mark, 'the same', 'what has not changed must stay');
    assert.deepEqual(complaints, []);
    assert.deepEqual(requests.filter((url) => new URL(url).origin !== origin), []);
    await close();
  });

  test('is as wide as a narrow screen', async () => {
    const { page, close } = await open({ viewport: { width: 360, height: 640 } });
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= 360, `the page is ${width} pixels wide`);
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('main *')]
        .filter((one) => one.getBoundingClientRect().right > window.innerWidth)
        .map((one) => one.outerHTML));
    assert.deepEqual(cut, []);
    await close();
  });

  test('keeps the place of its reader', async () => {
    const { page, requests, close } = await open({ viewport: { width: 360, height: 400 } });
    await page.evaluate(() => window.scrollTo(0, 300));
    const asked = requests.length;
    await page.waitForRequest(() => requests.length > asked);
    await page.waitForResponse((answer) => answer.url() === origin + '/debug/rpc');
    assert.equal(await page.evaluate(() => window.scrollY), 300);
    await close();
  });

  test('is light or dark as the reader has it', async () => {
    for (const colorScheme of ['light', 'dark']) {
      const { page, close } = await open({ colorScheme });
      const [ink, paper] = await page.evaluate(() => {
        const style = getComputedStyle(document.body);
        return [style.color, style.backgroundColor];
      });
      const difference = brightness(paper) - brightness(ink);
      assert.ok(colorScheme === 'light' ? difference > 150 : difference < -150, `${ink} on ${paper}`);
      await close();
    }
  });

  test('is whole without its script', async () => {
    const { page, close } = await open({ javaScriptEnabled: false });
    assert.equal(await page.locator('.methods tbody tr').count(), 3);
    assert.equal(await page.locator('.connections tbody tr').count() > 0, true);
    await close();
  });

  test('says when the server does not answer', async () => {
    const { page, close } = await open();
    await page.route('**/*', (route) => route.abort());
    await page.locator('#live.bad').waitFor();
    await page.unroute('**/*');
    await page.locator('#live.good').waitFor();
    await close();
  });

  test('lets no script in but its own', async () => {
    const { page, complaints, close } = await open();
    await page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.intruder = true;';
      document.body.append(script);
    });
    assert.equal(await page.evaluate(() => window.intruder), undefined);
    assert.equal(complaints.length, 1);
    await close();
  });

  test('is refused under the name of another host', async () => {
    const status = await new Promise((resolve, reject) => {
      http.get(origin + '/debug/rpc', { headers: { Host: 'evil.example' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on('error', reject);
    });
    assert.equal(status, 403);
  });
});

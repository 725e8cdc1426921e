// A page and calls over HTTPS: Chromium chooses HTTP/2 by ALPN.
// CHROMIUM, SERVER and MAKE_CERTIFICATES are programs.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';

describe('a page over HTTPS', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tern-https-'));
  let server;
  let browser;
  let origin;
  let page;

  before(async () => {
    execFileSync(process.env.MAKE_CERTIFICATES, [folder, 'server']);
    server = spawn(process.env.SERVER, [join(folder, 'server.pem'), join(folder, 'server.key')],
      { stdio: ['pipe', 'pipe', 'inherit'] });
    for await (const line of createInterface(server.stdout)) {
      origin = 'https://' + line.replace('https@', '');
      break;
    }
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu'],
    });
    // The authority is none of the browser's.
    page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    await page.goto(origin + '/debug/rpc');
  });

  after(async () => {
    await browser?.close();
    server?.stdin.end();
    rmSync(folder, { recursive: true });
  });

  test('is refused by a browser that does not know the authority', async () => {
    const stranger = await (await browser.newContext()).newPage();
    await assert.rejects(stranger.goto(origin + '/debug/rpc'), /ERR_CERT_AUTHORITY_INVALID/);
  });

  test('calls over HTTP/2', async () => {
    const answer = await page.evaluate(async () => {
      const reply = await fetch('/arith.Arith/Multiply', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ A: 6, B: 7 }),
      });
      const product = await reply.json();
      const [entry] = performance.getEntriesByType('navigation');
      return { product, protocol: entry.nextHopProtocol };
    });
    assert.deepEqual(answer, { product: 42, protocol: 'h2' });
  });

  test('shows how long the certificate lasts', async () => {
    assert.match(await page.textContent('dl'), /Certificate\s*\d+ d/);
  });
});

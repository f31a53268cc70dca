/** What a device needs before it trusts the hub's own certificate: the authority's certificate, and a place to try it. */

import express, { type Router } from 'express';
import { noOtherMethod } from '../../edge/problems.ts';

export interface PhoneDoorOptions {
  /** The authority's certificate as DER; undefined if the hub has none of its own. */
  readonly root: Buffer | undefined;
  /** For an authority of the internet that tries whether a name is the hub's. */
  answerTo(token: string): string | undefined;
}

export function createPhoneDoor({ root, answerTo }: PhoneDoorOptions): Router {
  const router = express.Router();
  router.get('/.well-known/acme-challenge/:token', (request, response, next) => {
    const answer = answerTo(request.params.token);
    if (answer === undefined) return next();
    response.set('cache-control', 'no-store').type('text/plain').send(answer);
  });
  router.get('/ca.crt', (_request, response, next) => {
    if (!root) return next();
    // With this type, and under no other name, phones offer to install it.
    response.set('cache-control', 'no-store').type('application/x-x509-ca-cert').send(root);
  });
  if (root) router.all('/ca.crt', noOtherMethod('GET'));
  // Nothing is in it: a page over plain HTTP learns whether its browser gets through by HTTPS.
  router.get('/phone/check', (_request, response) => {
    response
      .set({
        'cache-control': 'no-store',
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      })
      .status(204)
      .end();
  });
  router.all('/phone/check', noOtherMethod('GET'));
  return router;
}

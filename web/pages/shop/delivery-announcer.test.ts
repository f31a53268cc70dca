import { expect, test } from 'vitest';
import { DeliveryAnnouncer } from './delivery-announcer.ts';

/** Speaks when the test says so. */
class TestAnnouncer {
  readonly said: string[] = [];
  #sentence: (() => string) | undefined;

  say(_topic: string, sentence: () => string): void {
    this.#sentence = sentence;
  }

  speak(): void {
    if (this.#sentence) this.said.push(this.#sentence());
    this.#sentence = undefined;
  }
}

const thanks = [{ orderID: 'a', customer: 'Zoë', driver: 'ana', time: '', rev: 4 }];

test('one delivery is announced by its order, several until then by their number, each once', () => {
  const announcer = new TestAnnouncer();
  const deliveries = new DeliveryAnnouncer(announcer, { thanks });
  deliveries.add(1);
  announcer.speak();
  deliveries.add(2);
  deliveries.add(1);
  announcer.speak();
  deliveries.add(1);
  announcer.speak();
  const [one, three, another] = announcer.said;
  expect(one).toMatch(/\ba\b/);
  expect(three).toContain('3');
  expect(another).toBe(one);
});

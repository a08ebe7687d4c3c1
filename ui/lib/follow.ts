import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Redraws an element whenever what it follows says `change`. */
export class Follow implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #what: () => EventTarget | undefined;
  #followed: EventTarget | undefined;
  readonly #onChange = (): void => this.#host.requestUpdate();

  constructor(host: ReactiveControllerHost, what: () => EventTarget | undefined) {
    this.#host = host;
    this.#what = what;
    host.addController(this);
  }

  hostConnected(): void {
    this.#attach();
  }

  hostUpdate(): void {
    this.#attach();
  }

  hostDisconnected(): void {
    this.#followed?.removeEventListener('change', this.#onChange);
    this.#followed = undefined;
  }

  #attach(): void {
    const now = this.#what();
    if (now === this.#followed) return;
    this.#followed?.removeEventListener('change', this.#onChange);
    now?.addEventListener('change', this.#onChange);
    this.#followed = now;
  }
}

/** A small made-up data set in the layout of the public one, served over HTTP on loopback. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { blobId, type TreeEntry, treeId } from '../../scripts/store/clothing/git-objects.ts';
import type { ClothingSource } from '../../scripts/store/clothing/source.ts';
import { afterwards } from './afterwards.ts';
import { csvText, drawPicture } from './store.ts';

/** The photograph that the labels name and the folder lacks, as the public data set has a few. */
export const GONE = 'gone';
/** The photograph whose label says that nobody knew what it was. */
export const UNSURE = 'unsure';

export class ClothingHome {
  readonly source: ClothingSource;
  /** Paths asked for, in their order. */
  readonly asked: string[] = [];
  /** Answers a request in place of the file; true where it did. */
  instead: (path: string, response: ServerResponse) => boolean = () => false;
  readonly #files: ReadonlyMap<string, Buffer>;

  private constructor(source: ClothingSource, files: ReadonlyMap<string, Buffer>) {
    this.source = source;
    this.#files = files;
  }

  /** @param count photographs that show a garment: `g0.jpg`, `g1.jpg` ... */
  static async start(t: TestContext, count: number): Promise<ClothingHome> {
    const names = [...Array.from({ length: count }, (_, place) => `g${place}`), UNSURE].sort();
    const photographs = await Promise.all(names.map((_, place) => drawPicture(place, { size: 96, format: 'jpeg' })));
    const tree: TreeEntry[] = names.map((name, place) => ({
      path: `${name}.jpg`,
      mode: '100644',
      sha: blobId(photographs[place]!),
    }));
    const rows = [...names, GONE].map(name => [name, '1', name === UNSURE ? 'Not sure' : 'T-Shirt', 'False']);
    const labels = Buffer.from(csvText([['image', 'sender_id', 'label', 'kids'], ...rows]));
    const files = new Map<string, Buffer>([
      ['/list', Buffer.from(JSON.stringify({ sha: treeId(tree), tree, truncated: false }))],
      ['/files/images.csv', labels],
      ...names.map((name, place) => [`/files/images/${name}.jpg`, photographs[place]!] as const),
    ]);
    const server = createServer(({ url = '' }, response) => {
      home.asked.push(url);
      if (home.instead(url, response)) return;
      const file = home.#files.get(url);
      response.writeHead(file === undefined ? 404 : 200).end(file);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    afterwards(t, async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    });
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const source = { files: `${root}/files`, list: `${root}/list`, images: treeId(tree), labels: blobId(labels) };
    const home = new ClothingHome(source, files);
    return home;
  }

  /** How often a photograph was asked for. */
  timesAsked(name: string): number {
    return this.asked.filter(path => path.endsWith(`/${name}.jpg`)).length;
  }
}

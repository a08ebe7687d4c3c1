/** The chain's connection file. Nothing of what is in it is ever said. */
import { readConnection } from '../../../device/chain/connection.ts';
import { LookdialError } from '../../../device/errors.ts';
import { broken, type Check, notHere, ok } from '../check.ts';
import { said, sentence } from '../words.ts';

export const chain: Check = {
  name: 'chain',
  about: 'the file that says where the chain’s catalogue is',
  async run({ config: { chainConnection, chainStore } }) {
    if (chainConnection === '')
      return notHere(
        'The box knows of no chain.',
        'Where it belongs to one, set chainConnection and chainStore: docs/chain.md.',
      );
    try {
      readConnection(chainConnection);
    } catch (error) {
      if (!(error instanceof LookdialError)) throw error;
      return broken(sentence(said(error)), 'Correct the file that is named here: docs/chain.md says what is in it.');
    }
    return ok(
      `The connection file ${chainConnection} can be used, for the store ${chainStore}; whether the catalogue is right tells npm run chain -- check.`,
    );
  },
};

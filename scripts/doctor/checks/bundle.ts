/** The model's bundle: the manifest, and each file by its length and digest. */
import { LookdialError } from '../../../device/errors.ts';
import { broken, type Check, ok } from '../check.ts';
import { count, said, sentence } from '../words.ts';

export const bundle: Check = {
  name: 'bundle',
  about: 'the model’s files, each by its length and digest',
  async run(box) {
    try {
      const { name, folder, manifest } = await box.bundle();
      return ok(`The bundle ${name} is whole: ${count(manifest.files.length, 'file')} in ${folder}.`, {
        measured: { name, folder, files: manifest.files.length },
      });
    } catch (error) {
      if (!(error instanceof LookdialError)) throw error;
      return broken(
        sentence(said(error)),
        'Copy the bundle again, or name the folder of another one in the setting bundle: models/BUNDLE.md says what is in it.',
      );
    }
  },
};

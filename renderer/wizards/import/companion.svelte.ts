import type {
  FileHandle,
  ImportOptions,
  MappingPreview,
  Part,
} from '../../../electron/contract/entities.ts';
import { Resource } from '../../lib/resource.svelte.ts';
import { partOfFile, stem } from './guess.ts';

/** A further file of one import: the columns are those of the first, name and part its own. */
export class CompanionFile {
  readonly file: FileHandle;
  name = $state('');
  part = $state<Part | null>(null);
  /** What main says of this file under the columns of the first. */
  readonly check: Resource<MappingPreview | null>;

  constructor(file: FileHandle, check: () => Promise<MappingPreview | null>) {
    this.file = file;
    this.name = stem(file.name);
    this.part = partOfFile(file.name);
    this.check = new Resource(check);
  }

  importable(invalidRows: ImportOptions['invalidRows']): boolean {
    const { value, failure } = this.check;
    if (failure !== null || value === null) return false;
    return invalidRows === 'skip' ? value.problemRows < value.rowsSeen : value.problemRows === 0;
  }
}

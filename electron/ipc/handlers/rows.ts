import type { RowDetail } from '../../contract/entities.ts';
import { placesIn } from '../../stages/extract/index.ts';
import { requireSameProject } from './deps.ts';
import type { HandlerDeps, HandlersOf } from './deps.ts';

type Names = 'rows.page' | 'rows.detail';

/** Rows, searched and filtered, and everything about one of them. */
export function rowHandlers(deps: HandlerDeps): HandlersOf<Names> {
  const { store, rows, indexer } = deps;
  return {
    'rows.page': async ({ projectId, extractionId, query, offset, limit }) => {
      const seen = { projectId: store.projects.get(projectId).id, extractionId, query };
      if (extractionId !== null) {
        requireSameProject(store.extractions.get(extractionId), projectId, 'This extraction');
      }
      await rows.listForPage(seen, { offset, limit });
      const page = store.reviews.page(seen, { offset, limit });
      if (!page.searchReady) indexer.poke();
      return page;
    },
    'rows.detail': ({ extractionId, exampleId }) => detail(deps, extractionId, exampleId),
  };
}

/** @throws StudioError not-found */
function detail({ store }: HandlerDeps, extractionId: string, exampleId: number): RowDetail {
  const extraction = store.extractions.get(extractionId);
  const example = store.data.example(exampleId);
  const dataset = store.data.get(example.datasetId);
  requireSameProject(dataset, extraction.projectId, 'This example');
  const row = store.reviews.row(extractionId, exampleId);
  const samples = store.extractions.samples(extractionId, exampleId);
  const standing = samples.find(({ chosen }) => chosen) ?? null;
  return {
    row,
    completion: standing?.completion ?? null,
    finishReason: standing?.finishReason ?? null,
    ...placesIn(store, extraction, example, standing),
    findings: store.health.findings(extractionId, exampleId),
    samples,
    reviews: store.reviews.others(extractionId, exampleId),
    meta: { ...example.meta },
    dataset: dataset.name,
  };
}

import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { firstValueFrom, from, switchMap } from 'rxjs';
import { findFfmpeg } from '../acquire/ffmpeg/binary.node';
import { recordedImages } from '../acquire/recorded-images.node';
import type { Config } from '../config/load';
import { clock } from '../core/clock.node';
import { ConfigError } from '../core/config-error';
import { errorText } from '../core/log-text';
import type { Segmenter } from '../infer/segmenter';
import { tumourPixels } from '../mask/tumour-pixels';
import { seededRandom } from '../phantom/random';
import type { Log } from '../server/log.node';
import { segmenter } from '../server/model.node';
import { readDataSet } from '../study/data-set.node';
import { type Evaluation, type KeyRule, toEvaluation } from '../study/evaluation';
import { greyPng, canDrawText, panelPng, writeEvaluation } from '../study/evaluation-files.node';
import { checkVideos, segmentKeyFrame, measurePatients } from '../study/measure-patients';
import { regionOutlines, type PanelTile, shownCases } from '../study/panel';
import { DataSetError, type OpenVideo, type StudyPatient } from '../study/patient';

export interface EvaluationRequest {
  /** The data set's folder. */
  readonly data: string;
  /** Folder for evaluation.json, patients.csv and panel.png; without it, none is written. */
  readonly out?: string;
  readonly key: KeyRule;
  readonly onProgress: (doing: 'checked' | 'evaluated', done: number, of: number) => void;
}

/**
 * Evaluates a model on a data set of videos and Labelme annotations (docs/evaluation.md). Rejects with a `ConfigError`
 * for unusable folders, with a `ModelError` if the bundle is refused, and, before any patient is segmented, with a
 * `DataSetError` that lists all problems of the data set.
 */
export async function evaluate(config: Config, request: EvaluationRequest, log: Log): Promise<Evaluation> {
  await checkFolders(request);
  if (request.out !== undefined && !(await canDrawText())) {
    throw new ConfigError('out: expected a font for panel.png, found none on this machine; install one (Debian: fonts-dejavu-core)');
  }
  const ffmpeg = await findFfmpeg();
  const open: OpenVideo = (video) => recordedImages(join(request.data, video), ffmpeg, clock);
  return firstValueFrom(segmenter(config, log).pipe(switchMap((model) => from(evaluation(model, open, request)))));
}

/** Rejects with a `ConfigError` unless `data` is a readable folder that `out`, if given, lies outside of. */
export async function checkFolders({ data, out }: Pick<EvaluationRequest, 'data' | 'out'>): Promise<void> {
  await readdir(data).catch((error: unknown) => {
    throw new ConfigError(`data: expected a readable folder, got ${errorText(error)}`);
  });
  if (out !== undefined && !relative(resolve(data), resolve(out)).startsWith('..')) {
    throw new ConfigError(`out: expected a folder outside the data set, got "${out}"`);
  }
}

async function evaluation(model: Segmenter, open: OpenVideo, { data, out, key, onProgress }: EvaluationRequest): Promise<Evaluation> {
  const read = await readDataSet(data);
  const count = read.patients.length;
  const { patients, problems } = await checkVideos(read.patients, open, key, (done) => onProgress('checked', done, count));
  const all = [...read.problems, ...problems];
  if (all.length > 0) throw new DataSetError(data, all);
  const cases = await measurePatients(patients, open, model, (done) => onProgress('evaluated', done, count));
  const { model: identity, provider, thresholds } = model;
  const measured = toEvaluation({ model: identity, provider, thresholds, key }, cases, seededRandom(1).uniform);
  if (out !== undefined) {
    const tiles: PanelTile[] = [];
    for (const { title, shown } of shownCases(cases)) {
      const patient = patients.find((one) => one.patient === shown.patient) as StudyPatient;
      tiles.push({ title, dice: shown.dice, ...(await tile(patient, open, model)) });
    }
    await writeEvaluation(out, measured, await panelPng(tiles, `${identity.name} ${identity.version}`));
  }
  return measured;
}

async function tile(patient: StudyPatient, open: OpenVideo, model: Segmenter): Promise<Omit<PanelTile, 'title' | 'dice'>> {
  const { picture, segmentation } = await segmentKeyFrame(patient, open, model);
  const { width, height } = picture;
  return {
    ...{ patient: patient.patient, keyFrame: patient.keyFrame, width, height },
    png: await greyPng(picture.pixels, width, height),
    annotated: patient.annotation.tumours.map(({ outline }) => outline),
    found: regionOutlines(tumourPixels(segmentation, model.thresholds), segmentation.width, segmentation.height, {
      ...{ x: 0, y: 0, width, height },
    }),
  };
}

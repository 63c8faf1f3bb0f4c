import { map, type Observable, reduce } from 'rxjs';
import { areaAverage, toAnalysisImage } from '../acquire/pixels/area-average';
import type { AnalysisImage } from '../frame';

/** One acquisition as the video has it: width × height grey values, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Opens a video by its path from the data set's folder: its pictures in order, one per acquisition. Errors with a `SourceError`. */
export type OpenVideo = (video: string) => Observable<Picture>;

/** A video as the networks see it. */
export interface Recording {
  /** Of the first picture; 0 without any. */
  readonly width: number;
  readonly height: number;
  /** How many pictures have another size. */
  readonly odd: number;
  readonly images: readonly AnalysisImage[];
}

const NOTHING: Recording = { width: 0, height: 0, odd: 0, images: [] };

/** All pictures of a video, averaged as they come. */
export const toRecording = (pictures: Observable<Picture>): Observable<Recording> =>
  pictures.pipe(
    map(({ width, height, pixels }) => ({
      width,
      height,
      image: toAnalysisImage(areaAverage({ pixels, width }, { x: 0, y: 0, width, height })),
    })),
    reduce(({ images, odd, ...size }: Recording, { image, ...own }): Recording => {
      const { width, height } = images.length === 0 ? own : size;
      return { width, height, odd: odd + (own.width === width && own.height === height ? 0 : 1), images: [...images, image] };
    }, NOTHING),
  );

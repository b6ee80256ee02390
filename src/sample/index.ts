/** The door of the sample case. */
export { makeSample, type Sample, type SampleRequest } from "./sample.ts";
export { SAMPLE_SIZES, SAMPLE_VARIANTS, type SampleSize, type SampleVariant } from "./story.ts";

import type { Inspection } from '../model.js'
import { type MarkdownOptions, markdown } from './markdown.js'

/** A summary of 1 MiB or more is lost as a whole. */
const LIMIT = 900 * 1024
const TITLE = '## Pipeline Hygiene\n\n'

/** The job summary: the whole Markdown report under its name, shortened with a count where it grows too long. */
export function summary(inspection: Inspection, options: Omit<MarkdownOptions, 'only'> = {}): string {
  const limit = Math.min(options.limit ?? LIMIT, LIMIT) - TITLE.length
  return TITLE + markdown(inspection, { ...options, limit })
}

/* The whole way through the pages in English: by hand and by keyboard, at three widths. */
import { journeys } from './lib/journey.mjs';

journeys('en');

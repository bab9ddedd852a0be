/* The whole way through the pages in French: by hand and by keyboard, at three widths. */
import { journeys } from './lib/journey.mjs';

journeys('fr');

/* A bad day in French. */
import { failures } from './lib/failures.mjs';

failures('fr');

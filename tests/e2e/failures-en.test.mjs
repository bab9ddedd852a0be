/* A bad day in English. */
import { failures } from './lib/failures.mjs';

failures('en');

/* The same steps in Node and in a page: pushes rows in blocks of uneven sizes and says what was heard, or the sentence. */
const BLOCKS = [4410, 1, 777, 50000, 128];

export function measure(listening, rate, planar) {
  const analyzer = listening.analyzer(rate, planar.length);
  try {
    for (let from = 0, turn = 0; from < planar[0].length; turn++) {
      const to = from + BLOCKS[turn % BLOCKS.length];
      analyzer.push(planar.map((row) => row.subarray(from, to)));
      from = to;
    }
    const track = analyzer.finish();
    return { track, reading: listening.emotions(track.features) };
  } catch (error) {
    if (error.name !== 'ListeningError') throw error;
    return { error: error.message };
  } finally {
    analyzer.free();
  }
}

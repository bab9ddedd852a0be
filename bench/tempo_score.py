"""The scoring of src/audio/tempo.c done again with numpy, so that its constants can be tried and its parts be drawn."""
import numpy as np

SIZE, LAGS = 8192, 2690
CANDIDATES = 50 * (220 / 50) ** (np.arange(600) / 599)
HARMONICS = ((1, 1), (2, 1), (3, .5), (4, 1))
SHIPPED = 120, 1.0, 1.0  # src/audio/tempo.c


def sharpened(onset, rate):
    """What is above the local mean of a second, smoothed by 15 ms."""
    reach = int(rate * .5)
    above = np.maximum(0, onset - np.convolve(onset, np.ones(2 * reach + 1), "same") / (2 * reach + 1))
    kernel = np.exp(-.5 * (np.arange(-5, 6) / 1.5) ** 2)
    return np.convolve(above, kernel / kernel.sum(), "same")


def evidence(onset, rate):
    """For each candidate: strength in the autocorrelation, and in the spectrum."""
    x = sharpened(onset, rate)
    x = x - x.mean()
    correlation = np.fft.irfft(np.sqrt(np.abs(np.fft.rfft(x, SIZE)) ** 2))
    count = min(LAGS, len(x) - 3)
    correlation = correlation[:count] / correlation[0] / (1 - np.arange(count) / len(x))
    spectrum = np.abs(np.fft.rfft(x * np.hanning(len(x)), SIZE))
    lag, bin_of = rate * 60 / CANDIDATES, CANDIDATES / 60 * SIZE / rate
    pulse = sum(weight * np.interp(lag * h, np.arange(count), correlation, right=0) for h, weight in HARMONICS) / 3.5
    lines = sum(np.interp(bin_of * h, np.arange(len(spectrum)), spectrum) for h in (1, 2, 4))
    return np.maximum(0, pulse), lines / lines.max()


def tempo(evidences, constants):
    centre, octaves, exponent = constants
    prior = np.exp(-.5 * (np.log2(CANDIDATES / centre) / octaves) ** 2)
    return [CANDIDATES[np.argmax(pulse * lines ** exponent * prior)] for pulse, lines in evidences]


def onsets(library, paths):
    for _, rate, values, _ in library.ask("onset", paths)[1:]:
        yield np.array(values.split(" "), float), float(rate)

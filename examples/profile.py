#!/usr/bin/python3
"""The C library from Python, with nothing but ctypes: the features of three tracks in, a sentence about the taste
out. With a sound file as argument: what is heard in it.

    examples/profile.py [FILE]
"""
import ctypes
import math
import sys
from ctypes import POINTER, Structure, byref, c_bool, c_char, c_char_p, c_double, c_int, c_size_t

EMOTIONS, TERMS, FEATURES, EN, FR = 16, 11, 10, 0, 1
NAN = math.nan  # not known


class Features(Structure):
    _fields_ = [("value", c_double * FEATURES)]


class Reading(Structure):
    _fields_ = [("pleasantness", c_double), ("activation", c_double), ("term", c_double * TERMS),
                ("p", c_double * EMOTIONS)]


class Evidence(Structure):
    _fields_ = [("p", POINTER(c_double)), ("pleasantness", c_double), ("activation", c_double),
                ("spread_pleasantness", c_double), ("spread_activation", c_double), ("weight", c_double),
                ("estimated", c_bool)]


class Profile(Structure):
    _fields_ = [("score", c_double * EMOTIONS), ("order", c_int * EMOTIONS), ("confidence", c_double),
                ("variety", c_double), ("pleasantness", c_double), ("activation", c_double), ("spread", c_double)]


class Description(Structure):
    _fields_ = [("profile", POINTER(Profile)), ("energy", c_double), ("danceability", c_double), ("genre", c_char_p),
                ("measured", c_size_t), ("estimated", c_size_t)]


class Error(Structure):
    _fields_ = [("status", c_int), ("at", c_size_t), ("message", c_char * 256)]


class Analysis(Structure):
    _fields_ = [("duration_s", c_double), ("features", Features), ("confidence", c_double * FEATURES), ("key", c_int),
                ("key_confidence", c_double), ("time_signature", c_int), ("time_signature_confidence", c_double),
                ("tempo_alternative_bpm", c_double), ("onset_rate_hz", c_double), ("loudness_range_lu", c_double),
                ("peak_dbfs", c_double), ("tuning_hz", c_double), ("calibrated", c_bool)]


library = ctypes.CDLL("liblistening.so.0")
library.li_feature_id.restype = c_char_p


def describe(tracks, lang=EN):
    """A sentence about tracks, each a list of ten features in the order of enum li_feature."""
    readings, evidence, profile = (Reading * len(tracks))(), (Evidence * len(tracks))(), Profile()
    for track, reading, piece in zip(tracks, readings, evidence):
        library.li_emotion_read(byref(Features((c_double * FEATURES)(*track))), byref(reading))
        piece.p, piece.weight = reading.p, 1
        piece.pleasantness, piece.activation = reading.pleasantness, reading.activation
    library.li_profile_compute(evidence, c_size_t(len(tracks)), byref(profile))
    facts = Description(ctypes.pointer(profile), 0.73, 0.73, b"pop", len(tracks), 0)
    text = ctypes.create_string_buffer(512)
    library.li_profile_describe(byref(facts), lang, text, c_size_t(len(text)))
    return text.value.decode()


def hear(path):
    """The features of a sound file, by name."""
    analysis, error = Analysis(), Error()
    if library.li_analyze_file(path.encode(), byref(analysis), byref(error)):
        sys.exit(error.message.decode())
    return {library.li_feature_id(i).decode(): round(value, 3) for i, value in enumerate(analysis.features.value)}


if __name__ == "__main__":
    # danceability, energy, valence, acousticness, instrumentalness, liveness, speechiness, dB, bpm, mode
    print(hear(sys.argv[1]) if len(sys.argv) > 1 else describe([
        [0.80, 0.74, 0.88, 0.12, 0.00, 0.10, 0.06, -5.1, 118, 1],
        [0.66, 0.83, 0.71, 0.05, 0.01, 0.22, 0.04, -4.4, 126, 1],
        [0.72, 0.61, 0.79, NAN, NAN, NAN, 0.05, NAN, NAN, NAN],
    ]))

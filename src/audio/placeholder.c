/* placeholder until the room's files are there */
typedef int li_audio_placeholder;

/* placeholder until the room's files are there */
typedef int li_net_placeholder;

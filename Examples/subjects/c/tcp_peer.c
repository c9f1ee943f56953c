#include "tcp_peer.h"

#include <stdlib.h>
#include <string.h>

struct wire wire = {
    .subject = {.address = 0x0A4D0001, .port = 8080},
    .peer = {.address = 0x0A4D0002, .port = 10000},
};
long data_length;
bool closes_both_ways;

static const struct tcp_peer *implementation;

static void end_event(void) {
  if (implementation->afterwards) implementation->afterwards();
}

static void call(const char *name, const struct json *arguments) {
  static const char *const no_names[] = {NULL};
  if (!only_members(arguments, no_names)) return;
  if (strcmp(name, "listen") == 0) implementation->listen();
  else if (strcmp(name, "connect") == 0) implementation->connect();
  else if (strcmp(name, "close") == 0) implementation->close();
  else if (strcmp(name, "abort") == 0) implementation->abort();
  else subject_unsupported("no such call");
  end_event();
}

static void receive(const char *message, const struct json *fields) {
  if (strcmp(message, "Segment") != 0) {
    subject_unsupported("no such message");
    return;
  }
  static uint8_t packet[wire_longest];
  size_t length = wire_packet(&wire, fields, packet);
  if (length == 0) return;
  implementation->arrive(packet, length);
  end_event();
}

static int option(const char *name, const char *value) {
  if (strcmp(name, "--full-close") == 0) {
    closes_both_ways = true;
    return 1;
  }
  if (strcmp(name, "--data") == 0 && value) {
    data_length = strtol(value, NULL, 10);
    return data_length > 0 && data_length < implementation->data_limit ? 2 : 0;
  }
  return implementation->option ? implementation->option(name, value) : 0;
}

int tcp_peer_serve(const struct tcp_peer *peer, struct subject *subject, int count,
                   char **arguments) {
  implementation = peer;
  subject->role = "Peer";
  subject->call = call;
  subject->receive = receive;
  subject->option = option;
  subject->hides_deadlines = true;
  return subject_serve(subject, count, arguments);
}

#include "wire.h"

#include <string.h>

#include "subject.h"

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };

static uint16_t get16(const uint8_t *at) { return (uint16_t)(at[0] << 8 | at[1]); }

static uint32_t get32(const uint8_t *at) { return (uint32_t)get16(at) << 16 | get16(at + 2); }

static void put16(uint8_t *at, uint16_t value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value) {
  put16(at, (uint16_t)(value >> 16));
  put16(at + 2, (uint16_t)value);
}

static uint32_t sum(const uint8_t *bytes, size_t length, uint32_t start) {
  for (size_t i = 0; i + 1 < length; i += 2) start += get16(bytes + i);
  if (length % 2) start += (uint32_t)bytes[length - 1] << 8;
  return start;
}

static uint16_t folded(uint32_t total) {
  while (total >> 16) total = (total & 0xFFFF) + (total >> 16);
  return (uint16_t)~total;
}

void wire_reset(struct wire *wire) {
  wire->subject_has_begun = false;
  wire->subject.first = 500000000;
  wire->peer.first = 1000000000;
  wire->last_time_stamp = 0;
}

struct segment {
  int64_t seq, ack, length, window;
  bool syn, fin, rst, has_ack, time_stamp;
};

static bool read_fields(const struct json *fields, struct segment *s) {
  static const char *const names[] = {"seq", "ack", "length", "syn",       "fin",
                                      "rst", "hasAck", "window", "timestamp", NULL};
  if (!only_members(fields, names)) return false;
  if (!json_member(fields, "seq")) subject_unsupported("a segment without seq");
  s->seq = take_integer(fields, "seq", 0);
  s->ack = take_integer(fields, "ack", 0);
  s->length = take_integer(fields, "length", 0);
  s->window = take_integer(fields, "window", 0);
  s->syn = take_boolean(fields, "syn", false);
  s->fin = take_boolean(fields, "fin", false);
  s->rst = take_boolean(fields, "rst", false);
  s->has_ack = take_boolean(fields, "hasAck", true);
  s->time_stamp = take_boolean(fields, "timestamp", false);
  if (s->length < 0 || s->length > wire_data_longest) {
    subject_unsupported("so many bytes do not fit a packet");
  }
  if (s->window < 0 || s->window > 65535) {
    subject_unsupported("windows above 65535 need scaling, which is not done here");
  }
  return !subject_has_refused();
}

size_t wire_packet(struct wire *wire, const struct json *fields, uint8_t *packet) {
  struct segment s;
  if (!read_fields(fields, &s)) return 0;
  size_t options = s.time_stamp ? 12 : 0, header = 20 + options;
  size_t length = 20 + header + (size_t)s.length;
  memset(packet, 0, length);
  packet[0] = 0x45;
  put16(packet + 2, (uint16_t)length);
  packet[6] = 0x40; /* do not fragment */
  packet[8] = 64;
  packet[9] = 6;
  put32(packet + 12, wire->peer.address);
  put32(packet + 16, wire->subject.address);
  put16(packet + 10, folded(sum(packet, 20, 0)));
  uint8_t *tcp = packet + 20;
  put16(tcp, wire->peer.port);
  put16(tcp + 2, wire->subject.port);
  put32(tcp + 4, wire->peer.first + (uint32_t)s.seq);
  if (s.has_ack) put32(tcp + 8, wire->subject.first + (uint32_t)s.ack);
  tcp[12] = (uint8_t)(header / 4 << 4);
  tcp[13] = (uint8_t)(s.fin * FIN | s.syn * SYN | s.rst * RST | s.has_ack * ACK);
  put16(tcp + 14, (uint16_t)s.window);
  if (options) {
    memcpy(tcp + 20, "\1\1\10\12", 4);
    put32(tcp + 24, (uint32_t)(subject_now() / 1000000) + 1);
    put32(tcp + 28, wire->last_time_stamp);
  }
  uint32_t pseudo = sum(packet + 12, 8, (uint32_t)(6 + length - 20));
  put16(tcp + 16, folded(sum(tcp, length - 20, pseudo)));
  return length;
}

/* Where the value of the time stamp option is, or NULL. */
static const uint8_t *time_stamp_in(const uint8_t *option, const uint8_t *end) {
  while (option < end && *option != 0) {
    if (*option == 1) {
      option++;
    } else {
      if (option + 2 > end || option[1] < 2 || option + option[1] > end) return NULL;
      if (*option == 8 && option[1] == 10) return option + 2;
      option += option[1];
    }
  }
  return NULL;
}

bool wire_out(struct wire *wire, const uint8_t *packet, size_t length) {
  if (length < 40 || packet[0] != 0x45 || packet[9] != 6 || get16(packet + 2) > length) return false;
  const uint8_t *tcp = packet + 20;
  size_t header = (size_t)(tcp[12] >> 4) * 4;
  if (get16(tcp) != wire->subject.port || get16(tcp + 2) != wire->peer.port
      || get32(packet + 16) != wire->peer.address || 20 + header > get16(packet + 2)) {
    return false;
  }
  uint8_t flags = tcp[13];
  if (flags & SYN && !wire->subject_has_begun) {
    wire->subject_has_begun = true;
    wire->subject.first = get32(tcp + 4);
  }
  const uint8_t *time_stamp = time_stamp_in(tcp + 20, tcp + header);
  if (time_stamp) wire->last_time_stamp = get32(time_stamp);
  out_message("Segment");
  put_integer("seq", (int32_t)(get32(tcp + 4) - wire->subject.first));
  put_integer("ack", flags & ACK ? (int32_t)(get32(tcp + 8) - wire->peer.first) : 0);
  put_integer("length", (int64_t)(get16(packet + 2) - 20 - header));
  put_boolean("syn", flags & SYN);
  put_boolean("fin", flags & FIN);
  put_boolean("rst", flags & RST);
  put_boolean("hasAck", flags & ACK);
  put_integer("window", flags & RST ? 0 : get16(tcp + 14));
  put_boolean("timestamp", time_stamp != NULL);
  out_end();
  return true;
}

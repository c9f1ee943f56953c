/* The TCP of the kernel that this runs on, as role `Peer` of specs/tcp/TCP.linger: sockets on one
   side of a TUN device, the packets of the spec on the other. The clock is the one on the wall; the
   kernel has no other. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "diag.h"
#include "network.h"
#include "tcp_peer.h"

static struct network network = {.near = 0x0A4D0001, .far = 0x0A4D0002};
static int listener = -1, connection = -1;
/* Of what the application sends. */
static long data_left;

static struct sockaddr_in address(struct wire_end end) {
  return (struct sockaddr_in){
      .sin_family = AF_INET,
      .sin_port = htons(end.port),
      .sin_addr.s_addr = htonl(end.address),
  };
}

static int state_now(void) {
  return diag_state(network.near, wire.subject.port, network.far, wire.peer.port);
}

static const char *state_name(void) {
  static const char *const names[] = {
      [TCP_ESTABLISHED] = "ESTABLISHED", [TCP_SYN_SENT] = "SYN_SENT",
      [TCP_SYN_RECV] = "SYN_RECEIVED",   [TCP_FIN_WAIT1] = "FIN_WAIT_1",
      [TCP_FIN_WAIT2] = "FIN_WAIT_2",    [TCP_TIME_WAIT] = "TIME_WAIT",
      [TCP_CLOSE] = "CLOSED",            [TCP_CLOSE_WAIT] = "CLOSE_WAIT",
      [TCP_LAST_ACK] = "LAST_ACK",       [TCP_LISTEN] = "LISTEN",
      [TCP_CLOSING] = "CLOSING",
  };
  int state = state_now();
  if (state > 0 && state <= TCP_CLOSING) return names[state];
  return listener >= 0 ? "LISTEN" : "CLOSED";
}

static bool is_in(const char *state) { return strcmp(state_name(), state) == 0; }

static void shut(int *socket) {
  if (*socket >= 0) close(*socket);
  *socket = -1;
}

/* Closes with a reset. */
static void break_off(int *socket) {
  struct linger now = {.l_onoff = 1, .l_linger = 0};
  if (*socket >= 0) setsockopt(*socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  shut(socket);
}

/* What the kernel has sent; `wanted`, or it belongs to a run that is over. */
static void read_packets(bool wanted) {
  static uint8_t packet[wire_longest];
  for (ssize_t length; (length = read(network.device, packet, sizeof packet)) > 0;) {
    if (wanted) wire_out(&wire, packet, (size_t)length);
  }
}

/* The application: it takes the connection and all data, and sends what it has; whether it did. */
static bool serve_application(void) {
  bool did = false;
  if (listener >= 0 && connection < 0) {
    connection = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    /* The spec's end is a listener or a connection, never both. */
    if (connection >= 0) shut(&listener);
    did = connection >= 0;
  }
  if (connection < 0) return did;
  static char bytes[65536];
  if (data_left > 0) {
    ssize_t sent = send(connection, bytes, (size_t)data_left, MSG_NOSIGNAL);
    if (sent > 0) data_left -= sent;
    did = did || sent > 0;
  }
  ssize_t got = recv(connection, bytes, sizeof bytes, 0);
  /* After an error there is no connection any more. */
  if (got < 0 && errno != EAGAIN && errno != EINTR && errno != ENOTCONN) shut(&connection);
  return did || got > 0;
}

static void settle(void) {
  do {
    read_packets(true);
  } while (serve_application());
}

static int new_socket(void) {
  int made = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP), yes = 1;
  if (made < 0) return -1;
  setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  struct sockaddr_in own = address(wire.subject);
  if (bind(made, (struct sockaddr *)&own, sizeof own) != 0) shut(&made);
  return made;
}

static void call_open(bool actively) {
  if (!is_in("CLOSED")) {
    subject_refuse("it is open already");
    return;
  }
  shut(&connection);
  int made = new_socket();
  if (made < 0) {
    subject_refuse("the port is in use");
    return;
  }
  if (!actively) {
    listener = made;
    if (listen(listener, 1) != 0) subject_refuse("the kernel does not listen");
    return;
  }
  connection = made;
  data_left = data_length;
  struct sockaddr_in to = address(wire.peer);
  if (connect(connection, (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS) {
    shut(&connection);
    subject_refuse("the kernel does not connect");
  }
}

static void call_listen(void) { call_open(false); }

static void call_connect(void) { call_open(true); }

static void call_close(void) {
  if (is_in("LISTEN")) {
    shut(&listener);
  } else if (connection >= 0 && is_in("SYN_SENT")) {
    shut(&connection);
  } else if (connection >= 0 && (is_in("ESTABLISHED") || is_in("CLOSE_WAIT"))) {
    if (closes_both_ways) shut(&connection);
    else shutdown(connection, SHUT_WR);
  } else {
    subject_refuse("there is nothing that the application could close");
  }
}

static void call_abort(void) {
  if (connection < 0 || is_in("SYN_SENT") || is_in("TIME_WAIT") || is_in("CLOSED")) {
    subject_refuse("there is no connection that the application could abort");
    return;
  }
  break_off(&connection);
}

static void arrive(const uint8_t *packet, size_t length) {
  if (write(network.device, packet, length) != (ssize_t)length) {
    subject_refuse("the device did not take the packet");
  }
}

/* Every run has a port of its own: what is left of those before is not this connection. */
static void reset(const struct json *parameters) {
  (void)parameters; /* the kernel is as it is */
  shut(&listener);
  break_off(&connection);
  read_packets(false);
  if (wire.peer.port++ == 60000) {
    wire.peer.port = 10000;
    wire.subject.port++;
  }
  data_left = data_length;
  wire_reset(&wire);
}

static void state(void) { put_text("state", state_name()); }

static int option(const char *name, const char *value) {
  if (strcmp(name, "--sysctl") == 0 && value) {
    char key[128];
    const char *equals = strchr(value, '=');
    if (!equals || equals - value >= (long)sizeof key) return 0;
    snprintf(key, sizeof key, "%.*s", (int)(equals - value), value);
    if (network_set(key, equals + 1)) return 2;
    fprintf(stderr, "%s cannot be set\n", key);
  }
  return 0;
}

static void expire(int timer) { (void)timer; }

/* What makes answers come at once and always the same; `--sysctl` changes it back. */
static void make_regular(void) {
  static const char *const settings[][2] = {
      {"net.ipv4.tcp_timestamps", "0"},       {"net.ipv4.tcp_window_scaling", "0"},
      {"net.ipv4.tcp_sack", "0"},             {"net.ipv4.tcp_ecn", "0"},
      {"net.ipv4.tcp_early_retrans", "0"},    {"net.ipv4.tcp_invalid_ratelimit", "0"},
      {"net.ipv4.tcp_no_metrics_save", "1"},  {"net.ipv4.tcp_syncookies", "0"},
      {"net.ipv4.tcp_congestion_control", "reno"},
  };
  for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
    /* Older kernels lack some of them. */
    network_set(settings[i][0], settings[i][1]);
  }
}

int main(int count, char **arguments) {
  network_make(&network);
  make_regular();
  if (!diag_open()) {
    perror("no inet_diag, so no states");
    return 69;
  }
  const struct tcp_peer peer = {
      .listen = call_listen,
      .connect = call_connect,
      .close = call_close,
      .abort = call_abort,
      .arrive = arrive,
      .data_limit = 65536,
      .option = option,
  };
  struct subject kernel = {
      .name = "the kernel's TCP",
      .reset = reset,
      .expire = expire,
      .state = state,
      .options = "--full-close, --data BYTES, --sysctl NAME=VALUE",
      .wall_clock = true,
      .descriptor = network.device,
      .settle = settle,
  };
  return tcp_peer_serve(&peer, &kernel, count, arguments);
}

/* lwIP's TCP, as role `Peer` of specs/tcp/TCP.linger, on virtual time: its own clock is 250 ms of
   ours at each call of `tcp_tmr`, its network is a hook. `tcpip_init` is never called, so there is
   no thread, and the same requests give the same answers. */
#include <lwip/init.h>
#include <lwip/ip4.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/tcp.h>
#include <stdlib.h>

#include "tcp_peer.h"

enum { TICK };

static const int64_t tick = TCP_TMR_INTERVAL * INT64_C(1000000);

static struct netif interface;
static struct tcp_pcb *listener;
static bool is_muted;
/* lwIP looks at its slow timers at every second tick, and never forgets at which. */
static unsigned long ticks;

/* The connection, wherever lwIP keeps it: it frees what is closed, so nothing points there. */
static struct tcp_pcb *find(struct tcp_pcb *list) {
  for (struct tcp_pcb *pcb = list; pcb; pcb = pcb->next) {
    if (pcb->local_port == wire.subject.port && pcb->remote_port == wire.peer.port) return pcb;
  }
  return NULL;
}

static struct tcp_pcb *connection(void) {
  struct tcp_pcb *pcb = find(tcp_active_pcbs);
  return pcb ? pcb : find(tcp_tw_pcbs);
}

static void stop_listening(void) {
  if (listener) tcp_close(listener);
  listener = NULL;
}

/* As `tcp_timer_needed` has it: ticks while there is something to time. */
static void wind_up(void) {
  if ((tcp_active_pcbs || tcp_tw_pcbs) && !timer_is_armed(TICK)) timer_start(TICK, tick);
}

static void expire(int timer) {
  (void)timer;
  bool was_there = connection();
  ticks++;
  tcp_tmr();
  /* Who gives up in SYN-RECEIVED listens again; the spec's end was that listener, and is closed. */
  if (was_there && !connection()) stop_listening();
  wind_up();
}

static err_t packet_out(struct netif *netif, struct pbuf *buffer, const ip4_addr_t *to) {
  (void)netif, (void)to;
  static uint8_t packet[wire_longest];
  u16_t length = pbuf_copy_partial(buffer, packet, sizeof packet, 0);
  if (!is_muted) wire_out(&wire, packet, length);
  return ERR_OK;
}

static err_t interface_up(struct netif *netif) {
  netif->output = packet_out;
  netif->mtu = 1500;
  netif->name[0] = 'l';
  netif->name[1] = 'i';
  return ERR_OK;
}

/* The application: it takes all data, sends what it has, and closes when it is told to. */

static err_t received(void *argument, struct tcp_pcb *pcb, struct pbuf *buffer, err_t error) {
  (void)argument, (void)error;
  if (buffer) {
    tcp_recved(pcb, buffer->tot_len);
    pbuf_free(buffer);
  }
  return ERR_OK;
}

static void begin(struct tcp_pcb *pcb) {
  tcp_recv(pcb, received);
  if (data_length == 0) return;
  static const char zeros[65535];
  tcp_write(pcb, zeros, (u16_t)data_length, 0);
  tcp_output(pcb);
}

static err_t connected(void *argument, struct tcp_pcb *pcb, err_t error) {
  (void)argument, (void)error;
  begin(pcb);
  return ERR_OK;
}

/* The spec's end is a listener or a connection, never both. */
static err_t accepted(void *argument, struct tcp_pcb *pcb, err_t error) {
  (void)argument;
  if (error != ERR_OK || !pcb) return ERR_VAL;
  stop_listening();
  begin(pcb);
  return ERR_OK;
}

/* A new control block on our port, or NULL where the spec's end is not closed. */
static struct tcp_pcb *open_block(void) {
  if (listener || connection()) {
    subject_refuse("it is open already");
    return NULL;
  }
  struct tcp_pcb *pcb = tcp_new();
  if (!pcb) abort();
  ip_set_option(pcb, SOF_REUSEADDR);
  if (tcp_bind(pcb, IP4_ADDR_ANY, wire.subject.port) == ERR_OK) return pcb;
  tcp_close(pcb);
  subject_refuse("lwIP still uses the port");
  return NULL;
}

static void call_listen(void) {
  struct tcp_pcb *pcb = open_block();
  if (!pcb) return;
  listener = tcp_listen(pcb);
  tcp_accept(listener, accepted);
}

static void call_connect(void) {
  struct tcp_pcb *pcb = open_block();
  if (!pcb) return;
  ip_addr_t to = IPADDR4_INIT(lwip_htonl(wire.peer.address));
  if (tcp_connect(pcb, &to, wire.peer.port, connected) != ERR_OK) abort();
}

static void call_close(void) {
  struct tcp_pcb *pcb = find(tcp_active_pcbs);
  if (listener && !pcb) {
    stop_listening();
    return;
  }
  bool is_open = pcb && (pcb->state == SYN_SENT || pcb->state == ESTABLISHED
                         || pcb->state == CLOSE_WAIT);
  if (!is_open) {
    subject_refuse("there is nothing that the application could close");
    return;
  }
  bool both = closes_both_ways || pcb->state == SYN_SENT;
  err_t result = both ? tcp_close(pcb) : tcp_shutdown(pcb, 0, 1);
  if (result != ERR_OK) subject_refuse("lwIP has no memory to close");
}

static void call_abort(void) {
  struct tcp_pcb *pcb = find(tcp_active_pcbs);
  if (!pcb || pcb->state == SYN_SENT || (pcb->state == SYN_RCVD && listener)) {
    subject_refuse("there is no connection that the application could abort");
    return;
  }
  tcp_abort(pcb);
}

static void arrive(const uint8_t *packet, size_t length) {
  struct pbuf *buffer = pbuf_alloc(PBUF_RAW, (u16_t)length, PBUF_RAM);
  if (!buffer) abort();
  pbuf_take(buffer, packet, (u16_t)length);
  ip4_input(buffer, &interface);
}

/* What lwIP keeps from one connection to the next, as at its start: at which of its ticks it is, and
   the last initial sequence number, to which the count of ticks is added for the next one. */
static void forget_the_past(void) {
  static struct tcp_pcb none;
  if (ticks % 2) expire(TICK);
  tcp_ticks = 0;
  tcp_ticks = 6510 - tcp_next_iss(&none);
  tcp_next_iss(&none);
  tcp_ticks = 1;
}

static void reset(const struct json *parameters) {
  (void)parameters; /* lwIP is as it was built */
  is_muted = true;
  while (tcp_active_pcbs) tcp_abort(tcp_active_pcbs);
  while (tcp_tw_pcbs) tcp_abort(tcp_tw_pcbs);
  stop_listening();
  forget_the_past();
  timer_cancel(TICK);
  is_muted = false;
  wire_reset(&wire);
}

static void state(void) {
  static const char *const names[] = {
      [CLOSED] = "CLOSED",           [LISTEN] = "LISTEN",         [SYN_SENT] = "SYN_SENT",
      [SYN_RCVD] = "SYN_RECEIVED",   [ESTABLISHED] = "ESTABLISHED",
      [FIN_WAIT_1] = "FIN_WAIT_1",   [FIN_WAIT_2] = "FIN_WAIT_2", [CLOSE_WAIT] = "CLOSE_WAIT",
      [CLOSING] = "CLOSING",         [LAST_ACK] = "LAST_ACK",     [TIME_WAIT] = "TIME_WAIT",
  };
  struct tcp_pcb *pcb = connection();
  put_text("state", names[pcb ? pcb->state : listener ? LISTEN : CLOSED]);
}

int main(int count, char **arguments) {
  lwip_init();
  ip4_addr_t own = {lwip_htonl(wire.subject.address)}, mask = {lwip_htonl(0xFFFFFF00)};
  ip4_addr_t none = {0};
  netif_add(&interface, &own, &mask, &none, NULL, interface_up, ip4_input);
  netif_set_default(&interface);
  netif_set_up(&interface);
  netif_set_link_up(&interface);
  const struct tcp_peer peer = {
      .listen = call_listen,
      .connect = call_connect,
      .close = call_close,
      .abort = call_abort,
      .arrive = arrive,
      .afterwards = wind_up,
      .data_limit = TCP_SND_BUF,
  };
  struct subject lwip = {
      .name = "lwIP " LWIP_VERSION_STRING,
      .reset = reset,
      .expire = expire,
      .state = state,
      .options = "--full-close, --data BYTES",
  };
  return tcp_peer_serve(&peer, &lwip, count, arguments);
}

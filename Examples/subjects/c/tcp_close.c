/* A TCP from ESTABLISHED to CLOSED, as role `Peer` of specs/tcp-close/TCPClose.linger. It does what
   python/tcp_close.py does, fault by fault; `compare.py` holds the two against each other. Each
   data segment takes one sequence number, and so does the FIN. */
#include <stddef.h>
#include <string.h>

#include "subject.h"

enum {
  F_FIN_WAIT_1_TO_CLOSE_WAIT,
  F_FIN_WAIT_1_TO_LAST_ACK,
  F_FIN_WAIT_1_TO_TIME_WAIT,
  F_CLOSING_RETRANSMITS_WITHOUT_FIN,
  F_OWN_FIN_NEVER_SENT,
  F_LAST_ACK_CLOSES_ON_ANY_ACK,
  F_LAST_ACK_RESETS_OLD_ACK,
  F_RESET_ANSWERED_WITH_ACK,
  F_LOST_FIN_NEVER_SENT_AGAIN,
  F_TIME_WAIT_DOES_NOT_ACKNOWLEDGE,
  F_FIN_WAIT_1_DOES_NOT_RETRANSMIT,
  F_LAST_ACK_DOES_NOT_RETRANSMIT,
  F_TIME_WAIT_TOO_SHORT,
  F_TIME_WAIT_NOT_RESTARTED,
  F_FIN_WAIT_2_TIMER_LOST,
  F_FIN_WAIT_2_DROPS_FIN_WITH_OLD_ACK,
  F_FIN_NOT_COUNTED,
  F_TIME_WAIT_SKIPPED,
  F_DATA_DROPPED_AFTER_CLOSE,
  F_RESET_OUTSIDE_WINDOW_TAKEN,
  F_RESET_IGNORED,
  F_NEVER_GIVES_UP,
  F_GIVES_UP_EARLY,
  F_GIVES_UP_LATE,
  F_RTO_TOO_LONG,
  F_RTO_NOT_RESTARTED,
  F_RETRANSMITS_NEWEST,
  F_RETRANSMISSION_NOT_STOPPED,
  F_RESENT_NOT_CLEARED,
  F_CLOSING_NOT_SIGNALLED,
  F_CLOSING_SIGNALLED_TWICE,
  F_TIME_OUT_NOT_SIGNALLED,
  F_RESET_NOT_SIGNALLED,
  F_OLD_DATA_DELIVERED_AGAIN,
  F_ACK_ONE_BEHIND,
  F_DATA_ACKNOWLEDGED_TWICE,
  F_OLD_FIN_CLOSES,
  F_FIN_OVER_GAP,
  F_CLOSED_DOES_NOT_RESET,
  F_RESET_WITH_WRONG_NUMBER,
  F_FIN_WAIT_2_UNLIMITED,
  F_FIN_WAIT_2_RESTARTED,
  F_FIN_SENT_TWICE,
  F_OLD_SEGMENT_NOT_ANSWERED,
};

static const struct fault faults[] = {
    [F_FIN_WAIT_1_TO_CLOSE_WAIT] =
        {"fin-wait-1-to-close-wait",
         "a FIN in FIN-WAIT-1 leads to CLOSE-WAIT, FreeRTOS-Plus-TCP #1303"},
    [F_FIN_WAIT_1_TO_LAST_ACK] =
        {"fin-wait-1-to-last-ack",
         "a FIN in FIN-WAIT-1 leads to LAST-ACK, FreeRTOS-Plus-TCP #1303"},
    [F_FIN_WAIT_1_TO_TIME_WAIT] =
        {"fin-wait-1-to-time-wait",
         "a FIN in FIN-WAIT-1 leads to TIME-WAIT, ours not acknowledged"},
    [F_CLOSING_RETRANSMITS_WITHOUT_FIN] =
        {"closing-retransmits-without-fin",
         "CLOSING retransmits without the FIN, demikernel #1537"},
    [F_OWN_FIN_NEVER_SENT] =
        {"own-fin-never-sent",
         "a close after the peer's FIN sends none, smoltcp #398"},
    [F_LAST_ACK_CLOSES_ON_ANY_ACK] =
        {"last-ack-closes-on-any-ack",
         "LAST-ACK ends with any acknowledgement, smoltcp #477"},
    [F_LAST_ACK_RESETS_OLD_ACK] =
        {"last-ack-resets-old-ack",
         "an old acknowledgement in LAST-ACK is reset, smoltcp #1060"},
    [F_RESET_ANSWERED_WITH_ACK] =
        {"reset-answered-with-ack",
         "a reset is answered with an acknowledgement, smoltcp #338"},
    [F_LOST_FIN_NEVER_SENT_AGAIN] =
        {"lost-fin-never-sent-again",
         "no timer runs for the FIN, zephyr #46350"},
    [F_TIME_WAIT_DOES_NOT_ACKNOWLEDGE] =
        {"time-wait-does-not-acknowledge",
         "TIME-WAIT leaves a FIN without an answer, zephyr #46407"},
    [F_FIN_WAIT_1_DOES_NOT_RETRANSMIT] =
        {"fin-wait-1-does-not-retransmit",
         "FIN-WAIT-1 counts time-outs and sends nothing, tricep #27"},
    [F_LAST_ACK_DOES_NOT_RETRANSMIT] =
        {"last-ack-does-not-retransmit",
         "LAST-ACK counts time-outs and sends nothing, tricep #27"},
    [F_TIME_WAIT_TOO_SHORT] = {"time-wait-too-short", "TIME-WAIT lasts half its time, tricep #104"},
    [F_TIME_WAIT_NOT_RESTARTED] =
        {"time-wait-not-restarted",
         "a FIN in TIME-WAIT does not start it anew, tricep #104"},
    [F_FIN_WAIT_2_TIMER_LOST] =
        {"fin-wait-2-timer-lost",
         "an old acknowledgement stops FIN-WAIT-2's timer, mirage-tcpip #176"},
    [F_FIN_WAIT_2_DROPS_FIN_WITH_OLD_ACK] =
        {"fin-wait-2-drops-fin-with-old-ack",
         "FIN-WAIT-2 drops a FIN with an old number acknowledged, Linux 795a7dfbc3d9"},
    [F_FIN_NOT_COUNTED] = {"fin-not-counted", "the peer's FIN takes no sequence number"},
    [F_TIME_WAIT_SKIPPED] = {"time-wait-skipped", "closed at once where TIME-WAIT should begin"},
    [F_DATA_DROPPED_AFTER_CLOSE] =
        {"data-dropped-after-close",
         "data after the own close is dropped"},
    [F_RESET_OUTSIDE_WINDOW_TAKEN] =
        {"reset-outside-window-taken",
         "a reset with an old number ends the connection"},
    [F_RESET_IGNORED] = {"reset-ignored", "a reset with the right number is dropped"},
    [F_NEVER_GIVES_UP] = {"never-gives-up", "retransmits for ever"},
    [F_GIVES_UP_EARLY] = {"gives-up-early", "gives up one retransmission early"},
    [F_GIVES_UP_LATE] = {"gives-up-late", "gives up one retransmission late"},
    [F_RTO_TOO_LONG] = {"rto-too-long", "the retransmission timer runs half as long again"},
    [F_RTO_NOT_RESTARTED] =
        {"rto-not-restarted",
         "an acknowledgement of a part does not restart the timer"},
    [F_RETRANSMITS_NEWEST] =
        {"retransmits-newest",
         "what was sent last is sent again, not what was sent first"},
    [F_RETRANSMISSION_NOT_STOPPED] =
        {"retransmission-not-stopped",
         "the timer runs on when all is acknowledged"},
    [F_RESENT_NOT_CLEARED] =
        {"resent-not-cleared",
         "an acknowledgement does not clear the count of retransmissions"},
    [F_CLOSING_NOT_SIGNALLED] =
        {"closing-not-signalled",
         "the application is not told that the peer closed"},
    [F_CLOSING_SIGNALLED_TWICE] =
        {"closing-signalled-twice",
         "the application is told again when the FIN comes again"},
    [F_TIME_OUT_NOT_SIGNALLED] =
        {"time-out-not-signalled",
         "the application is not told that the connection was given up"},
    [F_RESET_NOT_SIGNALLED] = {"reset-not-signalled", "the application is not told of the reset"},
    [F_OLD_DATA_DELIVERED_AGAIN] =
        {"old-data-delivered-again",
         "data that comes again is handed over again"},
    [F_ACK_ONE_BEHIND] =
        {"ack-one-behind",
         "data is acknowledged with its own number, not the next"},
    [F_DATA_ACKNOWLEDGED_TWICE] = {"data-acknowledged-twice", "data is acknowledged twice"},
    [F_OLD_FIN_CLOSES] =
        {"old-fin-closes",
         "a FIN that comes again counts as an acknowledgement of ours"},
    [F_FIN_OVER_GAP] = {"fin-over-gap", "a FIN is taken although data before it is missing"},
    [F_CLOSED_DOES_NOT_RESET] = {"closed-does-not-reset", "CLOSED answers nothing"},
    [F_RESET_WITH_WRONG_NUMBER] =
        {"reset-with-wrong-number",
         "the reset carries the number of the segment that it answers"},
    [F_FIN_WAIT_2_UNLIMITED] = {"fin-wait-2-unlimited", "FIN-WAIT-2 has no limit"},
    [F_FIN_WAIT_2_RESTARTED] = {"fin-wait-2-restarted", "data in FIN-WAIT-2 starts its limit anew"},
    [F_FIN_SENT_TWICE] = {"fin-sent-twice", "the FIN is sent twice at once"},
    [F_OLD_SEGMENT_NOT_ANSWERED] =
        {"old-segment-not-answered",
         "an old segment is dropped without an answer"},
    {NULL, NULL},
};

static bool has(int fault) { return subject_fault == fault; }

enum state {
  ESTABLISHED,
  FIN_WAIT_1,
  FIN_WAIT_2,
  CLOSING,
  TIME_WAIT,
  CLOSE_WAIT,
  LAST_ACK,
  CLOSED,
};

static const char *const state_names[] = {
    "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSING",
    "TIME_WAIT",   "CLOSE_WAIT", "LAST_ACK",   "CLOSED",
};

enum { RETRANSMISSION, TIME_WAIT_TIMER, FIN_WAIT_2_TIMER };

/* How this TCP is set. */
static struct {
  int64_t time_wait, rto, fin_wait_2_timeout, resends, resets;
  bool limits_fin_wait_2, reset_ends_time_wait, answers_restart_time_wait;
  /* The FIN comes after all data. */
  int64_t fin_number;
} settings;

/* The control block. */
static struct {
  enum state state;
  int64_t snd_una, snd_nxt, rcv_nxt, resent, resets_sent;
} tcb;

struct segment {
  int64_t seq, ack;
  bool data, fin, rst;
};

static void reset(const struct json *p) {
  int64_t msl = take_duration(p, "msl", 120 * SECOND);
  settings.time_wait = take_duration(p, "timeWait", 2 * msl);
  settings.rto = take_duration(p, "rto", SECOND);
  settings.resends = take_integer(p, "resends", 2);
  settings.fin_number = take_integer(p, "dataSegments", 1);
  settings.limits_fin_wait_2 = take_boolean(p, "limitsFinWait2", true);
  settings.fin_wait_2_timeout = take_duration(p, "finWait2Timeout", 60 * SECOND);
  settings.reset_ends_time_wait = take_boolean(p, "resetEndsTimeWait", true);
  settings.answers_restart_time_wait = take_boolean(p, "answersRestartTimeWait", true);
  settings.resets = take_integer(p, "resets", 1);
  memset(&tcb, 0, sizeof tcb);
  if (has(F_RTO_TOO_LONG)) settings.rto += settings.rto / 2;
  if (has(F_TIME_WAIT_TOO_SHORT)) settings.time_wait /= 2;
  if (has(F_GIVES_UP_EARLY) && settings.resends > 0) settings.resends--;
  if (has(F_GIVES_UP_LATE)) settings.resends++;
}

static void state(void) {
  put_text("state", state_names[tcb.state]);
  put_integer("sndUna", tcb.snd_una);
  put_integer("sndNxt", tcb.snd_nxt);
  put_integer("rcvNxt", tcb.rcv_nxt);
}

/* Segments out. */

static void segment(int64_t seq, int64_t ack, bool data, bool fin, bool rst) {
  out_message("Segment");
  put_integer("seq", seq);
  put_integer("ack", ack);
  put_boolean("data", data);
  put_boolean("fin", fin);
  put_boolean("rst", rst);
  out_end();
}

static void acknowledge(void) { segment(tcb.snd_nxt, tcb.rcv_nxt, false, false, false); }

static void send_reset(int64_t seq) { segment(seq, 0, false, false, true); }

/* The segment that takes this number: data, or the FIN after all data. */
static void transmit(int64_t number) {
  bool fin = number == settings.fin_number;
  bool is_empty = has(F_CLOSING_RETRANSMITS_WITHOUT_FIN) && tcb.state == CLOSING;
  segment(number, tcb.rcv_nxt, !fin && !is_empty, fin && !is_empty, false);
}

static void stop_timers(void) {
  timer_cancel(RETRANSMISSION);
  timer_cancel(TIME_WAIT_TIMER);
  timer_cancel(FIN_WAIT_2_TIMER);
}

/* The application. */

static void write_data(void) {
  bool is_open = tcb.state == ESTABLISHED || tcb.state == CLOSE_WAIT;
  if (!is_open || tcb.snd_nxt >= settings.fin_number) {
    subject_refuse("nothing can be written any more");
    return;
  }
  transmit(tcb.snd_nxt);
  tcb.snd_nxt++;
  timer_start(RETRANSMISSION, settings.rto);
}

static void close_connection(void) {
  bool is_open = tcb.state == ESTABLISHED || tcb.state == CLOSE_WAIT;
  if (!is_open || tcb.snd_nxt > settings.fin_number) {
    subject_refuse("it is closed already");
    return;
  }
  if (tcb.snd_nxt < settings.fin_number) {
    subject_refuse("the application still has data to write");
    return;
  }
  bool forgets_fin = has(F_OWN_FIN_NEVER_SENT) && tcb.state == CLOSE_WAIT;
  tcb.state = tcb.state == ESTABLISHED ? FIN_WAIT_1 : LAST_ACK;
  if (forgets_fin) return;
  transmit(tcb.snd_nxt);
  if (has(F_FIN_SENT_TWICE)) transmit(tcb.snd_nxt);
  tcb.snd_nxt++;
  if (!has(F_LOST_FIN_NEVER_SENT_AGAIN)) timer_start(RETRANSMISSION, settings.rto);
}

static void call(const char *name, const struct json *arguments) {
  static const char *const no_names[] = {NULL};
  if (!only_members(arguments, no_names)) return;
  if (strcmp(name, "write") == 0) write_data();
  else if (strcmp(name, "close") == 0) close_connection();
  else subject_unsupported("no such call");
}

/* Timers. */

static void retransmission_timeout(void) {
  if (tcb.resent >= settings.resends && !has(F_NEVER_GIVES_UP)) {
    tcb.state = CLOSED;
    if (!has(F_TIME_OUT_NOT_SIGNALLED)) out_signal("connectionTimedOut");
    return;
  }
  bool is_silent = (has(F_FIN_WAIT_1_DOES_NOT_RETRANSMIT) && tcb.state == FIN_WAIT_1)
                   || (has(F_LAST_ACK_DOES_NOT_RETRANSMIT) && tcb.state == LAST_ACK);
  bool newest = has(F_RETRANSMITS_NEWEST) || tcb.snd_una == tcb.snd_nxt;
  if (!is_silent) transmit(newest ? tcb.snd_nxt - 1 : tcb.snd_una);
  tcb.resent++;
  timer_start(RETRANSMISSION, settings.rto);
}

static void expire(int timer) {
  if (timer == RETRANSMISSION) retransmission_timeout();
  else tcb.state = CLOSED; /* TIME-WAIT is over, or the limit of FIN-WAIT-2 */
}

/* Segments in. RFC 9293, section 3.10.7. */

static void enter_time_wait(void) {
  if (has(F_TIME_WAIT_SKIPPED)) {
    tcb.state = CLOSED;
    return;
  }
  tcb.state = TIME_WAIT;
  timer_start(TIME_WAIT_TIMER, settings.time_wait);
}

static void fin_acknowledged(void) {
  if (tcb.state == FIN_WAIT_1) {
    tcb.state = FIN_WAIT_2;
    if (settings.limits_fin_wait_2 && !has(F_FIN_WAIT_2_UNLIMITED)) {
      timer_start(FIN_WAIT_2_TIMER, settings.fin_wait_2_timeout);
    }
  } else if (tcb.state == CLOSING) {
    enter_time_wait();
  } else if (tcb.state == LAST_ACK) {
    stop_timers();
    tcb.state = CLOSED;
  }
}

static void segment_in_closed(const struct segment *s) {
  if (s->rst || tcb.resets_sent >= settings.resets || has(F_CLOSED_DOES_NOT_RESET)) return;
  tcb.resets_sent++;
  send_reset(has(F_RESET_WITH_WRONG_NUMBER) ? s->seq : s->ack);
}

static void reset_arrives(const struct segment *s) {
  if (has(F_RESET_ANSWERED_WITH_ACK)) acknowledge();
  bool is_wanted = s->seq == tcb.rcv_nxt && !has(F_RESET_IGNORED);
  bool is_old = s->seq < tcb.rcv_nxt;
  if (!is_wanted && !(is_old && has(F_RESET_OUTSIDE_WINDOW_TAKEN))) return;
  if (tcb.state == TIME_WAIT && !settings.reset_ends_time_wait) return;
  stop_timers();
  tcb.state = CLOSED;
  if (!has(F_RESET_NOT_SIGNALLED)) out_signal("connectionReset");
}

/* It was received before: our acknowledgement was lost, or it is late. */
static void old_segment(const struct segment *s) {
  if (has(F_OLD_SEGMENT_NOT_ANSWERED)) return;
  if (s->data && has(F_OLD_DATA_DELIVERED_AGAIN)) out_signal("received");
  if (s->fin && has(F_CLOSING_SIGNALLED_TWICE)) out_signal("connectionClosing");
  if (tcb.state == TIME_WAIT && has(F_TIME_WAIT_DOES_NOT_ACKNOWLEDGE)) return;
  acknowledge();
  if (tcb.state == TIME_WAIT && (s->fin || settings.answers_restart_time_wait)
      && !has(F_TIME_WAIT_NOT_RESTARTED)) {
    timer_start(TIME_WAIT_TIMER, settings.time_wait);
  }
  if (s->fin && has(F_OLD_FIN_CLOSES) && (tcb.state == CLOSING || tcb.state == LAST_ACK)) {
    fin_acknowledged();
  }
}

static void old_acknowledgement(const struct segment *s) {
  if (s->data || s->fin) return;
  if (has(F_LAST_ACK_CLOSES_ON_ANY_ACK) && tcb.state == LAST_ACK) {
    stop_timers();
    tcb.state = CLOSED;
  }
  if (has(F_LAST_ACK_RESETS_OLD_ACK) && tcb.state == LAST_ACK) send_reset(s->ack);
  if (has(F_FIN_WAIT_2_TIMER_LOST) && tcb.state == FIN_WAIT_2) timer_cancel(FIN_WAIT_2_TIMER);
}

static void acknowledgement(const struct segment *s) {
  if (s->ack <= tcb.snd_una) {
    old_acknowledgement(s);
    return;
  }
  tcb.snd_una = s->ack;
  if (!has(F_RESENT_NOT_CLEARED)) tcb.resent = 0;
  if (tcb.snd_una < tcb.snd_nxt) {
    if (!has(F_RTO_NOT_RESTARTED)) timer_start(RETRANSMISSION, settings.rto);
  } else if (!has(F_RETRANSMISSION_NOT_STOPPED)) {
    timer_cancel(RETRANSMISSION);
  }
  if (tcb.snd_una > settings.fin_number) fin_acknowledged();
}

static void text(void) {
  /* Nothing comes after a FIN. */
  if (tcb.state != ESTABLISHED && tcb.state != FIN_WAIT_1 && tcb.state != FIN_WAIT_2) return;
  if (has(F_DATA_DROPPED_AFTER_CLOSE) && tcb.state != ESTABLISHED) return;
  if (has(F_FIN_WAIT_2_RESTARTED) && timer_is_armed(FIN_WAIT_2_TIMER)) {
    timer_start(FIN_WAIT_2_TIMER, settings.fin_wait_2_timeout);
  }
  if (has(F_ACK_ONE_BEHIND)) {
    out_signal("received");
    acknowledge();
    tcb.rcv_nxt++;
    return;
  }
  tcb.rcv_nxt++;
  out_signal("received");
  acknowledge();
  if (has(F_DATA_ACKNOWLEDGED_TWICE)) acknowledge();
}

static void fin(void) {
  /* In the other states it has come before. */
  if (tcb.state != ESTABLISHED && tcb.state != FIN_WAIT_1 && tcb.state != FIN_WAIT_2) return;
  if (!has(F_FIN_NOT_COUNTED)) tcb.rcv_nxt++;
  if (!has(F_CLOSING_NOT_SIGNALLED)) out_signal("connectionClosing");
  acknowledge();
  if (tcb.state == ESTABLISHED) {
    tcb.state = CLOSE_WAIT;
  } else if (tcb.state == FIN_WAIT_2) {
    timer_cancel(FIN_WAIT_2_TIMER);
    enter_time_wait();
  } else if (has(F_FIN_WAIT_1_TO_CLOSE_WAIT)) {
    tcb.state = CLOSE_WAIT;
  } else if (has(F_FIN_WAIT_1_TO_LAST_ACK)) {
    tcb.state = LAST_ACK;
  } else if (has(F_FIN_WAIT_1_TO_TIME_WAIT)) {
    stop_timers();
    enter_time_wait();
  } else {
    tcb.state = CLOSING;
  }
}

static void next_segment(const struct segment *s) {
  if (s->ack > tcb.snd_nxt) { /* of what was not sent yet */
    acknowledge();
    return;
  }
  bool is_late_fin = s->fin && tcb.state == FIN_WAIT_2 && s->ack < tcb.snd_una;
  if (is_late_fin && has(F_FIN_WAIT_2_DROPS_FIN_WITH_OLD_ACK)) return;
  acknowledgement(s);
  if (s->data) text();
  else if (s->fin) fin();
}

static bool read_segment(const struct json *fields, struct segment *s) {
  static const char *const names[] = {"seq", "ack", "data", "fin", "rst", NULL};
  if (!only_members(fields, names)) return false;
  if (!json_member(fields, "seq")) {
    subject_unsupported("a segment without seq");
    return false;
  }
  s->seq = take_integer(fields, "seq", 0);
  s->ack = take_integer(fields, "ack", 0);
  s->data = take_boolean(fields, "data", false);
  s->fin = take_boolean(fields, "fin", false);
  s->rst = take_boolean(fields, "rst", false);
  if (s->data && s->fin) {
    subject_unsupported("a segment takes one number: it carries data or a FIN");
  }
  return !subject_has_refused();
}

static void receive(const char *message, const struct json *fields) {
  if (strcmp(message, "Segment") != 0) {
    subject_unsupported("no such message");
    return;
  }
  struct segment s;
  if (!read_segment(fields, &s)) return;
  if (tcb.state == CLOSED) {
    segment_in_closed(&s);
  } else if (s.rst) {
    reset_arrives(&s);
  } else if (s.seq < tcb.rcv_nxt) {
    old_segment(&s);
  } else if (s.seq == tcb.rcv_nxt) {
    next_segment(&s);
  } else if (has(F_FIN_OVER_GAP) && s.fin) {
    tcb.rcv_nxt = s.seq;
    next_segment(&s);
  }
  /* Else it is dropped: what precedes it comes again, and it too. */
}

int main(int count, char **arguments) {
  struct subject tcp = {
      .name = "tcp-close in C",
      .role = "Peer",
      .faults = faults,
      .reset = reset,
      .call = call,
      .receive = receive,
      .expire = expire,
      .state = state,
  };
  return subject_serve(&tcp, count, arguments);
}

/*
 * close-net: a close with data and retransmission over a network whose loss and duplication are
 * steps of their own. The same model as specs/close-net/CloseNet.linger, rule for rule.
 *
 * D data segments each way before the FIN, C copies of one message value in the network,
 * R retransmissions of one segment, W window; all by -D: spin -DD=1 -DC=2 -DR=1 -DW=1 -a ...
 * D is at most 2, the largest row of the table in README.md.
 *
 * One process and one d_step for each rule and each value it is for, so that each rule firing is
 * one transition and the control state never changes. pan's "states, stored" is then the number
 * of states, and its "transitions (= stored+matched)" the number of transitions plus one: pan
 * counts the initial state, which no transition leads to, as stored.
 */
#ifndef D
#define D 1
#endif
#ifndef C
#define C 2
#endif
#ifndef R
#define R 1
#endif
#ifndef W
#define W 1
#endif

#if D > 2
#error "the rules are written out for D = 0, 1, 2"
#endif

#define ESTAB   0
#define FW1     1
#define FW2     2
#define CLOSING 3
#define TW      4
#define CW      5
#define LA      6
#define CLOSED  7

#define SEGMENTS         (D + 1)   /* numbers 0...D; D is the FIN */
#define ACKNOWLEDGEMENTS (D + 2)   /* numbers 0...D+1 */

/* Copies in flight, by sender and number. */
#define seg(p, i) segments[(p) * SEGMENTS + (i)]
#define ack(p, n) acknowledgements[(p) * ACKNOWLEDGEMENTS + (n)]

byte st[2];
byte una[2];
byte nxt[2];
byte rcv[2];
byte rtx[2];
byte segments[2 * SEGMENTS];
byte acknowledgements[2 * ACKNOWLEDGEMENTS];

/* What must hold wherever a rule changed st or rcv. */
#define CHECK(p) assert(st[p] != TW || rcv[p] == D + 1)

/* The rules of peer p that concern no particular message. */
#define LOCAL(p)                                                              \
  :: d_step {                                                                 \
       (st[p] == ESTAB || st[p] == CW) && nxt[p] < D                          \
         && nxt[p] - una[p] < W && seg(p, nxt[p]) < C ->                      \
       seg(p, nxt[p]) = seg(p, nxt[p]) + 1;                                   \
       nxt[p] = nxt[p] + 1                                                    \
     }                                                                        \
  :: d_step {                                                                 \
       (st[p] == ESTAB || st[p] == CW) && nxt[p] == D && seg(p, D) < C ->     \
       seg(p, D) = seg(p, D) + 1;                                             \
       nxt[p] = D + 1;                                                        \
       st[p] = (st[p] == ESTAB -> FW1 : LA)                                   \
     }                                                                        \
  :: d_step {                                                                 \
       st[p] != CLOSED && st[p] != TW && una[p] < nxt[p] && rtx[p] < R        \
         && seg(p, una[p]) < C ->                                             \
       seg(p, una[p]) = seg(p, una[p]) + 1;                                   \
       rtx[p] = rtx[p] + 1                                                    \
     }                                                                        \
  :: d_step { st[p] == TW -> st[p] = CLOSED }

/* p receives segment i from q. */
#define RECEIVE_SEGMENT(p, q, i)                                              \
  :: d_step {                                                                 \
       seg(q, i) > 0 ->                                                       \
       seg(q, i) = seg(q, i) - 1;                                             \
       if                                                                     \
       :: st[p] != CLOSED ->                                                  \
          if                                                                  \
          :: (i) == rcv[p] ->                                                 \
             rcv[p] = rcv[p] + 1;                                             \
             if                                                               \
             :: (i) == D && st[p] == ESTAB -> st[p] = CW                      \
             :: (i) == D && st[p] == FW1   -> st[p] = CLOSING                 \
             :: (i) == D && st[p] == FW2   -> st[p] = TW                      \
             :: else                                                          \
             fi                                                               \
          :: else                                                             \
          fi;                                                                 \
          if                                                                  \
          :: ack(p, rcv[p]) < C -> ack(p, rcv[p]) = ack(p, rcv[p]) + 1        \
          :: else                                                             \
          fi                                                                  \
       :: else                                                                \
       fi;                                                                    \
       CHECK(p)                                                               \
     }

/* p receives acknowledgement n from q. */
#define RECEIVE_ACKNOWLEDGEMENT(p, q, n)                                      \
  :: d_step {                                                                 \
       ack(q, n) > 0 ->                                                       \
       ack(q, n) = ack(q, n) - 1;                                             \
       if                                                                     \
       :: st[p] != CLOSED && (n) > una[p] ->                                  \
          una[p] = (n);                                                       \
          rtx[p] = 0;                                                         \
          if                                                                  \
          :: (n) == D + 1 && st[p] == FW1     -> st[p] = FW2                  \
          :: (n) == D + 1 && st[p] == CLOSING -> st[p] = TW                   \
          :: (n) == D + 1 && st[p] == LA      -> st[p] = CLOSED               \
          :: else                                                             \
          fi                                                                  \
       :: else                                                                \
       fi;                                                                    \
       CHECK(p)                                                               \
     }

#define LOSE(copies)      :: d_step { copies > 0 -> copies = copies - 1 }
#define DUPLICATE(copies) :: d_step { copies > 0 && copies < C -> copies = copies + 1 }

#define SEGMENT(p, q, i)                                                      \
  RECEIVE_SEGMENT(p, q, i)                                                    \
  LOSE(seg(p, i))                                                             \
  DUPLICATE(seg(p, i))

#define ACKNOWLEDGEMENT(p, q, n)                                              \
  RECEIVE_ACKNOWLEDGEMENT(p, q, n)                                            \
  LOSE(ack(p, n))                                                             \
  DUPLICATE(ack(p, n))

active proctype network() {
  do
  LOCAL(0)
  LOCAL(1)
  SEGMENT(0, 1, 0)
  SEGMENT(1, 0, 0)
  ACKNOWLEDGEMENT(0, 1, 0)
  ACKNOWLEDGEMENT(1, 0, 0)
  ACKNOWLEDGEMENT(0, 1, 1)
  ACKNOWLEDGEMENT(1, 0, 1)
#if D >= 1
  SEGMENT(0, 1, 1)
  SEGMENT(1, 0, 1)
  ACKNOWLEDGEMENT(0, 1, 2)
  ACKNOWLEDGEMENT(1, 0, 2)
#endif
#if D >= 2
  SEGMENT(0, 1, 2)
  SEGMENT(1, 0, 2)
  ACKNOWLEDGEMENT(0, 1, 3)
  ACKNOWLEDGEMENT(1, 0, 3)
#endif
  od
}

-- close-net: a close with data and retransmission over a network whose loss and duplication are
-- steps of their own. The same model as close-net.pml and specs/close-net/CloseNet.linger.
--
-- The constants below are those of the largest row of README.md; run.sh writes the row asked for
-- over the four numbers. Check with: rumur --deadlock-detection off close-net.m -o checker.c

const
  D: 1; -- data segments each way before the FIN
  C: 2; -- copies of one message value in the network
  R: 1; -- retransmissions of one segment
  W: 1; -- window

type
  peer: 0 .. 1;
  segment: 0 .. D; -- number D is the FIN
  number: 0 .. D + 1;
  copies: 0 .. C;
  phase: enum { ESTAB, FW1, FW2, CLOSING, TW, CW, LA, CLOSED };

var
  st: array [peer] of phase;
  una, nxt, rcv: array [peer] of number;
  rtx: array [peer] of 0 .. R;
  -- Copies in flight, by sender and number.
  segments: array [peer] of array [segment] of copies;
  acknowledgements: array [peer] of array [number] of copies;

startstate
begin
  for p: peer do
    st[p] := ESTAB;
    una[p] := 0;
    nxt[p] := 0;
    rcv[p] := 0;
    rtx[p] := 0;
    for i: segment do segments[p][i] := 0; end;
    for n: number do acknowledgements[p][n] := 0; end;
  end;
end;

ruleset p: peer do
  rule "send"
    (st[p] = ESTAB | st[p] = CW) & nxt[p] < D & nxt[p] - una[p] < W & segments[p][nxt[p]] < C ==>
  begin
    segments[p][nxt[p]] := segments[p][nxt[p]] + 1;
    nxt[p] := nxt[p] + 1;
  end;

  rule "close"
    (st[p] = ESTAB | st[p] = CW) & nxt[p] = D & segments[p][D] < C ==>
  begin
    segments[p][D] := segments[p][D] + 1;
    nxt[p] := D + 1;
    if st[p] = ESTAB then st[p] := FW1; else st[p] := LA; end;
  end;

  rule "retransmit"
    st[p] != CLOSED & st[p] != TW & una[p] < nxt[p] & rtx[p] < R & segments[p][una[p]] < C ==>
  begin
    segments[p][una[p]] := segments[p][una[p]] + 1;
    rtx[p] := rtx[p] + 1;
  end;

  rule "expire" st[p] = TW ==>
  begin
    st[p] := CLOSED;
  end;

  ruleset i: segment do
    rule "receive segment" segments[1 - p][i] > 0 ==>
    begin
      segments[1 - p][i] := segments[1 - p][i] - 1;
      if st[p] != CLOSED then
        if i = rcv[p] then
          rcv[p] := rcv[p] + 1;
          if i = D then
            if st[p] = ESTAB then st[p] := CW;
            elsif st[p] = FW1 then st[p] := CLOSING;
            elsif st[p] = FW2 then st[p] := TW;
            end;
          end;
        end;
        if acknowledgements[p][rcv[p]] < C then
          acknowledgements[p][rcv[p]] := acknowledgements[p][rcv[p]] + 1;
        end;
      end;
    end;

    rule "lose segment" segments[p][i] > 0 ==>
    begin
      segments[p][i] := segments[p][i] - 1;
    end;

    rule "duplicate segment" segments[p][i] > 0 & segments[p][i] < C ==>
    begin
      segments[p][i] := segments[p][i] + 1;
    end;
  end;

  ruleset n: number do
    rule "receive acknowledgement" acknowledgements[1 - p][n] > 0 ==>
    begin
      acknowledgements[1 - p][n] := acknowledgements[1 - p][n] - 1;
      if st[p] != CLOSED & n > una[p] then
        una[p] := n;
        rtx[p] := 0;
        if n = D + 1 then
          if st[p] = FW1 then st[p] := FW2;
          elsif st[p] = CLOSING then st[p] := TW;
          elsif st[p] = LA then st[p] := CLOSED;
          end;
        end;
      end;
    end;

    rule "lose acknowledgement" acknowledgements[p][n] > 0 ==>
    begin
      acknowledgements[p][n] := acknowledgements[p][n] - 1;
    end;

    rule "duplicate acknowledgement"
      acknowledgements[p][n] > 0 & acknowledgements[p][n] < C ==>
    begin
      acknowledgements[p][n] := acknowledgements[p][n] + 1;
    end;
  end;
end;

invariant "TIME-WAIT only after the peer's FIN"
  forall p: peer do st[p] = TW -> rcv[p] = D + 1 end;

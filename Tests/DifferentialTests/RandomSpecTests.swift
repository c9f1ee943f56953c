import LingerTestSupport
import Testing

/// The generator itself: random specs are worth little if they leave something out.
@Suite struct RandomSpecTests {
  @Test("the same seed gives the same text")
  func sameSeed() {
    #expect(RandomSpec(seed: 42).text == RandomSpec(seed: 42).text)
    #expect(RandomSpec(seed: 42).text != RandomSpec(seed: 43).text)
  }

  @Test("every construct comes up")
  func constructs() {
    let constructs = [
      "parameter ", "enum ", "struct ", "message ", "let low(", "network {", "network there {",
      "loss, duplication, reordering\n", "  duplication, reordering\n", "explicit", "capacity 1",
      "capacity 2", "loss 0", "loss 1", "loss 2", "duplication 1", "  loss, capacity", "ghost var",
      "timer ", "signal ", "on call ", "on internal", "on timeout ", "on receive ", " from s",
      "otherwise receive { }", "otherwise receive m", "fair transition", "strongly fair", "when ",
      "send ", " to q", "start ", "cancel ", "choose ", " where ", "for k", "for q", "if ",
      "} else {", "if let ", "switch ", "default:", "assert ", "let l", ".insert(", ".remove(",
      ".append(", ".removeFirst()", ".contains(", ".isEmpty", ".isFull", ".isArmed", ".count",
      ".first", " ?? ", "!= nil", " in 0...1", "exists ", "for all ", "count ", " implies ",
      "network.count(", "network.isEmpty", "Set<", "Queue<", "[two of ", "0...two", ", two>",
      "same(", "(few - two)", "x: (", "[Phase: ", "?", " ? ",
      "[repeating: ", "Pair(", "Left = ", "final {", "invariant ", "possible ", "cover ",
      " = any", "initially { ", "timer bell[2]", "timer bell[0...1]", "timeout bell[b",
      " armed for 1 s", "[2]: Left", "(v: index", "audit { without ", " for Left.",
      " each for each p in ",
      "final { true }", "eventually ", " ~> ", " % 2", " / ", "Left(", "wide: 0...9000",
      "wide: 0...8589934592", ": 0...300)", "capacity two", "loss two",
      "loss none", "Set<Left>", "Queue<Left, 1>", "[Left: ", "Left?", "(self)", "[self]", "== self",
    ]
    let texts = (0..<600).map { RandomSpec(seed: $0).text }
    for construct in constructs {
      #expect(texts.contains { $0.contains(construct) }, "no random spec has '\(construct)'")
    }
  }
}

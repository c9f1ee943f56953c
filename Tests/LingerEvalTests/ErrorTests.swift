import Testing

/// Every error of a spec that running it can find, with its message.
@Suite struct ErrorTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var body: String
    var members: String
    var error: String

    var testDescription: String { body }
  }

  static let cases = [
    Case(
      body: "x += 1",
      members: "var x: 0...3 = 3",
      error: "out of range: 'a.x' cannot be 4, its type is 0...3"
    ),
    Case(
      body: "w[x].n = x + 2",
      members: "var x: 0...3 = 1\nvar w: [2 of Pair]",
      error: "out of range: 'a.w[1].n' cannot be 3, its type is 0...2"
    ),
    Case(
      body: "p = Pair(n: x + 2)",
      members: "var x: 0...3 = 1\nvar p: Pair",
      error: "out of range: 'Pair.n' cannot be 3, its type is 0...2"
    ),
    Case(
      body: "s.insert(x + 1)",
      members: "var x: 0...3 = 3\nvar s: Set<0...3>",
      error: "out of range: 'an element of a.s' cannot be 4, its type is 0...3"
    ),
    Case(
      body: "q.append(x + 1)",
      members: "var x: 0...3 = 3\nvar q: Queue<0...3, 1>",
      error: "out of range: 'an element of a.q' cannot be 4, its type is 0...3"
    ),
    Case(
      body: "signal told(n: x + 1)",
      members: "var x: 0...3 = 3\nsignal told(n: 0...3)",
      error: "out of range: 'told.n' cannot be 4, its type is 0...3"
    ),
    Case(
      body: "x = 9_223_372_036_854_775_807 + x - 9_223_372_036_854_775_807",
      members: "var x: 0...3 = 3",
      error:
        "arithmetic overflow: '9223372036854775807 + x' with 9223372036854775807 and 3"
        + " does not fit in 64 bits"
    ),
    Case(
      body: "x = 1 / x",
      members: "var x: 0...3",
      error: "division by zero: '1 / x' divides 1 by zero"
    ),
    Case(
      body: "x = 5 % x",
      members: "var x: 0...3",
      error: "division by zero: '5 % x' divides 5 by zero"
    ),
    Case(
      body: "x = w[x + 1]",
      members: "var x: 0...3 = 1\nvar w: [2 of 0...3]",
      error: "index outside: 'w' has no element 2, its indices are 0...1"
    ),
    Case(
      body: "w[x + 1] = 0",
      members: "var x: 0...3 = 1\nvar w: [2 of 0...3]",
      error: "index outside: 'a.w' has no element 2, its indices are 0...1"
    ),
    Case(
      body: "q.append(x)",
      members: "var x: 0...3 = 3\nvar q: Queue<0...3, 1> = [0]",
      error: "queue full: 'a.q' is full with 1, there is no place for 3"
    ),
    Case(
      body: "q.removeFirst()",
      members: "var q: Queue<0...3, 1>",
      error: "queue empty: 'a.q' is empty, it has no first element"
    ),
    Case(
      body: "x = o!",
      members: "var x: 0...3\nvar o: (0...3)?",
      error: "nil unwrapped: 'o' is nil"
    ),
    Case(
      body: "choose i in s\nx = i",
      members: "var x: 0...3\nvar s: Set<0...3>",
      error: "nothing to choose: there is no value that 'i' can be"
    ),
    Case(
      body: "assert x > 0, \"x counts\"",
      members: "var x: 0...3",
      error: "assertion failed: 'x > 0' is false: x counts"
    ),
    Case(
      body: "x = half(x + 1)",
      members: "var x: 0...3 = 3",
      error: "out of range: 'x + 1' cannot be 4, its type is 0...3"
    ),
  ]

  @Test("running the body ends in this error", arguments: cases)
  func error(example: Case) throws {
    let found = try steps(
      of: example.body,
      members: example.members,
      declarations: "struct Pair { n: 0...2 }\nlet half(n: 0...3) -> 0...1 = n / 2"
    )
    #expect(found == [example.error])
  }

  @Test("a way that fails does not hide the others")
  func onlyOneWayFails() throws {
    #expect(
      try steps(of: "choose i in 0...2\nx = i + 1", members: "var x: 0...2") == [
        "x=1", "x=2", "out of range: 'a.x' cannot be 3, its type is 0...2",
      ]
    )
  }
}

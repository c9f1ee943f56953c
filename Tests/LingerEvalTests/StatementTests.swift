import Testing

/// Statements: what a body leaves behind.
@Suite struct StatementTests {
  @Test("assignments see the ones before them")
  func assignments() throws {
    #expect(
      try steps(of: "x = 2\ny = x + 1\nx -= 1", members: "var x: 0...3\nvar y: 0...3")
        == ["x=1 y=3"]
    )
  }

  @Test("parts of structs and arrays are assigned alone")
  func parts() throws {
    let members = """
      var p: Pair = Pair(n: 1, on: false)
      var w: [3 of 0...2] = [0, 1, 2]
      var m: [Colour: Bool]
      var ps: [2 of Pair]
      """
    let declarations = "struct Pair { n: 0...2, on: Bool }\nenum Colour { RED, BLUE }"
    let body = "p.on = true\nw[p.n] = 2\nm[.BLUE] = true\nps[1].n = 2"
    #expect(
      try steps(of: body, members: members, declarations: declarations) == [
        "p=Pair(n: 1, on: true) w=[0, 2, 2] m=[false, true]"
          + " ps=[Pair(n: 0, on: false), Pair(n: 2, on: false)]"
      ]
    )
  }

  @Test("sets hold each value once, in order")
  func sets() throws {
    #expect(
      try steps(
        of: "s.insert(2)\ns.insert(0)\ns.insert(2)\nt = s\ns.remove(2)\ns.remove(1)\nn = t.count",
        members: "var s: Set<0...3>\nvar t: Set<0...3>\nvar n: 0...4"
      )
        == ["s=[0] t=[0, 2] n=2"]
    )
  }

  @Test("queues are first in, first out")
  func queues() throws {
    #expect(
      try steps(
        of: "q.append(2)\nq.append(1)\nf = q.first\nq.removeFirst()\nfull = q.isFull",
        members: "var q: Queue<0...3, 2>\nvar f: (0...3)?\nvar full: Bool"
      )
        == ["q=[1] f=2 full=false"]
    )
  }

  @Test("branches, switches and bindings")
  func branches() throws {
    let members = "var o: (0...3)? = 2\nvar e: Colour = .BLUE\nvar x: 0...9\nvar y: 0...9"
    let body = """
      if let v = o { x = v } else { x = 9 }
      if x == 3 { y = 1 } else if x == 2 { y = 2 } else { y = 3 }
      switch e {
      case .RED: y += 1
      case .BLUE: y += 4
      }
      switch x {
      case 0: x = 0
      case 1...3: x = 7
      default: x = 8
      }
      o = nil
      let z = y + 1
      y = z
      """
    #expect(
      try steps(of: body, members: members, declarations: "enum Colour { RED, BLUE }")
        == ["o=nil e=.BLUE x=7 y=7"]
    )
  }

  @Test("a loop takes values in ascending order, those of a queue by place")
  func loops() throws {
    let members = "var s: Set<0...3> = [3, 1]\nvar q: Queue<0...3, 2> = [2, 1]\nvar x: 0...9999"
    let body = """
      for i in s { x = x * 10 + i }
      for i in q { x = x * 10 + i }
      for i in 0...3 where i > 4 { x = 0 }
      """
    #expect(try steps(of: body, members: members) == ["s=[1, 3] q=[2, 1] x=1321"])
  }

  @Test("each value of a choice is a step, the first choice slowest")
  func choices() throws {
    let body = """
      choose i in 0...1
      x = i
      choose j in 0...i
      y = j
      """
    #expect(
      try steps(of: body, members: "var x: 0...1\nvar y: 0...1")
        == ["x=0 y=0", "x=1 y=0", "x=1 y=1"]
    )
  }

  @Test("equal elements of a queue are one choice")
  func equalChoices() throws {
    #expect(
      try steps(
        of: "choose i in q where i != 0\nx = i",
        members: "var q: Queue<0...2, 3> = [2, 0, 2]\nvar x: 0...2"
      ) == ["q=[2, 0, 2] x=2"]
    )
  }

  @Test("a timer is armed until it is cancelled")
  func timers() throws {
    #expect(
      try steps(
        of: "start t for 1 s\nstart u for 2 s\nstart t for 3 s\nx = u.isArmed\ncancel u\ncancel u",
        members: "timer t\ntimer u\nvar x: Bool"
      ) == ["x=true t is armed"]
    )
  }

  @Test("quantifiers, counts and operators")
  func expressions() throws {
    let members = "var s: Set<0...3> = [1, 2]\nvar b: [5 of Bool]\nvar n: -9...9"
    let body = """
      b[0] = for all x in s: x > 0
      b[1] = exists x in 0...3: x > 3
      b[2] = (for all x in s where x > 2: false) && !s.isEmpty
      b[3] = 1 in s implies 3 in s
      b[4] = (true ? n == 0 : n == 1) || n / n == 1
      n = (count x in 0...5: x % 2 == 1) - 7 / 2 * 2 + -7 % 4
      """
    #expect(
      try steps(of: body, members: members)
        == ["s=[1, 2] b=[true, false, true, false, true] n=-6"]
    )
  }

  @Test("an optional has a value or a substitute")
  func optionals() throws {
    #expect(
      try steps(
        of: "x = o ?? 3\no = 2\ny = o!\no = nil\nz = o == nil",
        members: "var o: (0...3)?\nvar x: 0...3\nvar y: 0...3\nvar z: Bool"
      )
        == ["o=nil x=3 y=2 z=true"]
    )
  }

  @Test("helpers are worked out in place")
  func helpers() throws {
    #expect(
      try steps(
        of: "x = twice(x + 1)\nif small() { x += 1 }",
        members: "var x: 0...9\nlet small() -> Bool = x < low",
        declarations: "let low = 3\nlet twice(n: 0...4) -> 0...8 = 2 * n"
      ) == ["x=3"]
    )
  }
}

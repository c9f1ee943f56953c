import LingerConform
@testable import LingerDrive
import LingerKernel
import LingerModel
import LingerTestSupport
import Testing

/// Which cells there are: control states that plans reach, times kinds of message, times the edges
/// of what is believed.
@Suite("the matrix")
struct MatrixTests {
  private static let spec = """
    protocol Door
    enum Lock { open, closed, jammed }
    message Key { number: 0...100, turns: Bool }
    network {
      Owner -> Door: Key
      loss, reordering, capacity 4
    }
    role Door {
      var lock: Lock = .open
      var wanted: 0...100 = 40
      transition shut on call shut() when lock == .open { lock = .closed }
      transition unlock on receive k when lock == .closed && k.number == wanted { lock = .open }
      transition other on receive k when lock == .closed && k.number != wanted { }
      transition ignored on receive k when lock == .open && !k.turns { }
      transition jam on receive k when lock == .open && k.turns && k.number > 50 { lock = .jammed }
      transition stay on receive k when lock == .open && k.turns && k.number <= 50 { }
    }
    role Owner {
      transition turn on call turn(n: 0...2) { send Key(number: 40 * n, turns: n == 1) }
    }
    instances door: Door
    instances owner: Owner
    """

  private final class Silent: DrivenSubject {
    var hasVirtualTime: Bool { true }
    func reset(seed: UInt64) -> SubjectReply { SubjectReply() }
    func take(_ input: SubjectInput, at time: Int64) -> SubjectReply { SubjectReply() }
  }

  private static let door = 0
  private static let shut = Move.call(name: "shut", arguments: [])

  private func plans(_ faults: Faults, along plans: [[Move]], seed: UInt64 = 1) throws -> [[Move]] {
    let subject = try Subject(Self.door, of: try Model(spec: Self.spec), tellsHistory: false)
    var options = Driver.Options()
    options.faults = faults
    options.seed = seed
    let driver = Driver(subject, .exact, mostBeliefs: 100, Silent(), options)
    return driver.matrix(along: plans, .unlimited).plans
  }

  private func forged(_ plans: [[Move]], after moves: [Move]) -> Set<[Int]> {
    var result: Set<[Int]> = []
    for plan in plans where plan.dropLast() == moves[...] {
      if case .forge(let message)? = plan.last { result.insert(message.values) }
    }
    return result
  }

  @Test("made up messages have the edges of what is believed, as far as the spec takes them")
  func forgery() throws {
    let found = try plans(.forgery, along: [[Self.shut]])
    var edges: Set<[Int]> = []
    for number in [0, 1, 2, 39, 40, 41] { for turns in 0...1 { edges.insert([number, turns]) } }
    #expect(forged(found, after: []) == edges)
    #expect(forged(found, after: [Self.shut]) == edges)
    #expect(found.count == 2 * edges.count)
  }

  @Test("a state that is reached in two ways is reached by the shorter one")
  func shortest() throws {
    let key = Move.forge(SeenMessage(record: 0, values: [5, 0]))
    let found = try plans(.forgery, along: [[key, key, Self.shut], [Self.shut]])
    #expect(found.allSatisfy { $0.count <= 2 })
  }

  @Test("without forgery only what is on its way comes, each kind once")
  func honest() throws {
    let model = try Model(spec: Self.spec)
    let transition = try #require(model.transitions.firstIndex { $0.name == "turn" })
    let keys = (0...2).map { Move.party(1, Move.PartyChoice(transition, way: $0)) }
    let found = try plans(.network, along: [keys, [Self.shut, keys[1]]])
    // Open: a key that turns, and one that does not; closed: one that turns.
    #expect(found.count == 3)
    for plan in found {
      guard case .deliver? = plan.last else {
        Issue.record("nothing is delivered")
        continue
      }
    }
  }

  @Test("the order follows from the seed")
  func order() throws {
    let first = try plans(.forgery, along: [[Self.shut]])
    #expect(try plans(.forgery, along: [[Self.shut]]) == first)
    let other = try plans(.forgery, along: [[Self.shut]], seed: 2)
    #expect(other != first && Set(other) == Set(first))
  }
}

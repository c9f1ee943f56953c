import LingerDiagnostics
import LingerModel
import Testing

/// Types and the numbering of their values.
@Suite struct ValueOrderTests {
  private static let model: Model = {
    var model = Model(name: "Values")
    model.enumerations = [
      Enumeration(name: "Colour", cases: ["RED", "GREEN", "BLUE"], caseSpans: [], span: .none)
    ]
    model.records = [
      Record(
        name: "Pair",
        documentation: nil,
        fields: [.init(name: "x", type: .integer(-1...1)), .init(name: "y", type: .bool)],
        isMessage: false,
        span: .none
      ),
      Record(name: "Empty", documentation: nil, fields: [], isMessage: true, span: .none),
    ]
    model.roles = [
      Role(name: "A", documentation: nil, span: .none),
      Role(name: "B", documentation: nil, span: .none),
    ]
    model.instances = [0, 1, 0, 1, 1].map {
      Instance(name: "i", role: $0, initial: [], symmetryGroup: nil, span: .none)
    }
    return model
  }()

  private static let types: [(ModelType, Int)] = [
    (.bool, 2), (.integer(-2...3), 6), (.integer(7...7), 1), (.enumeration(0), 3),
    (.record(0), 6), (.record(1), 1), (.optional(.integer(0...2)), 4),
    (.optional(.optional(.bool)), 4), (.set(.enumeration(0)), 8), (.set(.set(.bool)), 16),
    (.set(.integer(4...4)), 2), (.array(index: .integer(0...2), element: .bool), 8),
    (.array(index: .enumeration(0), element: .integer(0...1)), 8),
    (.array(index: .bool, element: .record(0)), 36), (.queue(capacity: 3, element: .bool), 15),
    (.queue(capacity: 2, element: .record(1)), 3), (.queue(capacity: 0, element: .bool), 1),
    (.set(.queue(capacity: 1, element: .bool)), 8), (.instance(0), 2), (.instance(1), 3),
    (.queue(capacity: 2, element: .set(.bool)), 21),
  ]

  @Test("every finite type numbers its values without gaps", arguments: types)
  func numberingIsABijection(type: ModelType, count: Int) {
    let model = Self.model
    #expect(model.cardinality(of: type) == count)
    let values = model.values(of: type)
    #expect(values.count == count)
    #expect(Set(values).count == count)
    for (number, value) in values.enumerated() {
      #expect(model.ordinal(of: value, in: type) == number)
      #expect(model.value(at: number, in: type) == value)
      #expect(model.contains(value, in: type))
    }
  }

  @Test("the numbering is the order of values", arguments: types)
  func numberingAscends(type: ModelType, count: Int) {
    let values = Self.model.values(of: type)
    #expect(values == values.sorted())
  }

  @Test("a type with too many values has no cardinality")
  func tooManyValues() {
    let model = Self.model
    #expect(model.cardinality(of: .integer(0...(1 << 62) - 1)) == 1 << 62)
    #expect(model.cardinality(of: .integer(0...(1 << 62))) == nil)
    #expect(model.cardinality(of: .integer(.min ... .max)) == nil)
    #expect(model.cardinality(of: .optional(.integer(0...(1 << 62) - 1))) == nil)
    #expect(model.cardinality(of: .set(.integer(1...62))) == 1 << 62)
    #expect(model.cardinality(of: .set(.integer(1...63))) == nil)
    #expect(model.cardinality(of: .array(index: .integer(0...9), element: .integer(0...99))) == nil)
    #expect(model.cardinality(of: .queue(capacity: 62, element: .bool)) == nil)
    #expect(model.cardinality(of: .queue(capacity: 61, element: .bool)) == (1 << 62) - 1)
    #expect(model.cardinality(of: .duration) == nil)
    #expect(model.cardinality(of: .unboundedInteger) == nil)
  }

  @Test("a value of another type has no number")
  func foreignValues() {
    let model = Self.model
    #expect(model.ordinal(of: .integer(4), in: .integer(0...3)) == nil)
    #expect(model.ordinal(of: .instance(1), in: .instance(0)) == nil)
    #expect(model.ordinal(of: .set([.integer(9)]), in: .set(.integer(0...3))) == nil)
    #expect(
      model.ordinal(
        of: .queue([.bool(true), .bool(true)]),
        in: .queue(capacity: 1, element: .bool)
      ) == nil
    )
    #expect(model.ordinal(of: .enumCase(0, 3), in: .enumeration(0)) == nil)
    #expect(model.ordinal(of: .none, in: .bool) == nil)
  }
}

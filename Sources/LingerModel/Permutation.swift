/// A renaming of instances, by number.
package struct Permutation: Hashable, Sendable {
  /// Where each instance goes.
  package let images: [Int]

  package init(_ images: [Int]) { self.images = images }

  package subscript(instance: Int) -> Int { images[instance] }

  package var isIdentity: Bool { images.indices.allSatisfy { images[$0] == $0 } }

  package var inverse: Permutation {
    var result = images
    for (instance, image) in images.enumerated() { result[image] = instance }
    return Permutation(result)
  }
}

extension Model {
  /// A value with the instances in it renamed; arrays over instances are put in the new order.
  package func renamed(_ value: Value, of type: ModelType, by renaming: Permutation) -> Value {
    switch (type, value) {
    case (_, .instance(let number)): return .instance(renaming[number])
    case (.record(let number), .record(_, let fields)):
      return .record(
        number,
        zip(fields, records[number].fields).map { renamed($0, of: $1.type, by: renaming) }
      )
    case (.optional(let wrapped), .some(let inner)):
      return .some(renamed(inner, of: wrapped, by: renaming))
    case (.set(let element), .set(let elements)):
      return .set(canonical: elements.map { renamed($0, of: element, by: renaming) })
    case (.queue(_, let element), .queue(let elements)):
      return .queue(elements.map { renamed($0, of: element, by: renaming) })
    case (.array(let index, let element), .array(let elements)):
      var result = elements
      for (place, part) in elements.enumerated() {
        let key = renamed(self.value(at: place, in: index), of: index, by: renaming)
        guard let target = ordinal(of: key, in: index) else {
          preconditionFailure("renaming leads out of an array's index type")
        }
        result[target] = renamed(part, of: element, by: renaming)
      }
      return .array(result)
    default: return value
    }
  }

  /// The state of an instance's variables and timers with the instances in it renamed.
  package func renamed(
    _ local: State.InstanceState,
    of role: Int,
    by renaming: Permutation
  ) -> State.InstanceState {
    State.InstanceState(
      variables: zip(local.variables, roles[role].variables).map {
        renamed($0, of: $1.type, by: renaming)
      },
      armed: local.armed
    )
  }

  /// A message with sender, receiver and content renamed.
  package func renamed(_ envelope: Envelope, by renaming: Permutation) -> Envelope {
    guard case .record(let record, _) = envelope.message else {
      preconditionFailure("a message in flight is no record")
    }
    return Envelope(
      network: envelope.network,
      sender: renaming[envelope.sender],
      receiver: renaming[envelope.receiver],
      message: renamed(envelope.message, of: .record(record), by: renaming)
    )
  }

  /// The renamings that `symmetric` allows, the identity first: all of each group, as long as
  /// these are not too many.
  package func renamings(limit: Int) -> [Permutation] {
    var result = [Array(instances.indices)]
    for group in Set(instances.compactMap(\.symmetryGroup)).sorted() {
      let members = instances.indices.filter { instances[$0].symmetryGroup == group }
      // Of a large group some instances only: any subgroup does.
      for count in stride(from: members.count, to: 1, by: -1) {
        let orders = Self.orders(of: Array(members.prefix(count)), limit: limit / result.count)
        guard let orders else { continue }
        result = result.flatMap { images in
          orders.map { order in
            var images = images
            for (member, image) in zip(members, order) { images[member] = image }
            return images
          }
        }
        break
      }
    }
    return result.map { Permutation($0) }
  }

  /// Every order of some instances, as given first; nil where there are more than `limit`.
  private static func orders(of members: [Int], limit: Int) -> [[Int]]? {
    guard members.count > 1 else { return [members] }
    var count = 1
    for factor in 2...members.count {
      count *= factor
      if count > limit { return nil }
    }
    return members.indices.flatMap { first in
      var rest = members
      let member = rest.remove(at: first)
      return (orders(of: rest, limit: limit) ?? []).map { [member] + $0 }
    }
  }
}

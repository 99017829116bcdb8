extension PickleHeap {
  /// Refuses a value that contains itself, is nested too deep, or is a small file's way of writing
  /// a huge tree (tuples of the same tuple, "billion laughs").
  ///
  /// Each list, dictionary and tuple is visited once, whatever the number of ways that lead to it;
  /// there is no recursion. Time and memory are linear in what the pickle built.
  ///
  /// - Throws: `.pickleMalformed` for a cycle, `.limit`.
  func checkTree(_ root: PickleValue, limits: Limits) throws(CheckpointError) {
    // Visited: 0 no, 1 being visited, 2 done. Sizes count the tree below, shared parts each time.
    var state = [UInt8](repeating: 0, count: tuples.count + lists.count + dictionaries.count)
    var sizes = [Int](repeating: 0, count: state.count)
    var path: [(node: Int, next: Int)] = []

    func node(_ value: PickleValue) -> Int? {
      switch value {
      case .tuple(let index), .size(let index): index
      case .list(let index): tuples.count + index
      case .dictionary(let index): tuples.count + lists.count + index
      default: nil
      }
    }
    func child(_ node: Int, _ number: Int) -> PickleValue? {
      if node < tuples.count {
        let tuple = tuples[node]
        return number < tuple.count ? tupleItems[tuple.start + number] : nil
      }
      if node < tuples.count + lists.count {
        let list = node - tuples.count
        return number < lists[list].count ? lists[list][number] : nil
      }
      let dictionary = node - tuples.count - lists.count
      let count = dictionaries[dictionary].values.count
      return number < count ? dictionaries[dictionary].values[number] : nil
    }

    guard let start = node(root) else { return }
    path.append((start, 0))
    state[start] = 1
    sizes[start] = 1
    while let (current, next) = path.last {
      guard let value = child(current, next) else {
        state[current] = 2
        path.removeLast()
        if let parent = path.last?.node { try add(sizes[current], to: parent) }
        continue
      }
      path[path.count - 1].next += 1
      guard let below = node(value) else {
        try add(1, to: current)
        continue
      }
      switch state[below] {
      case 0:
        guard path.count < limits.nesting else {
          throw CheckpointError(
            .limit, nil, "the pickled value is nested too deep", found: path.count + 1,
            bound: limits.nesting)
        }
        state[below] = 1
        sizes[below] = 1
        path.append((below, 0))
      case 1:
        throw CheckpointError(.pickleMalformed, nil, "a pickled container contains itself")
      default:
        try add(sizes[below], to: current)
      }
    }

    func add(_ count: Int, to node: Int) throws(CheckpointError) {
      // Every size is at most the budget, so the sum of two cannot overflow.
      sizes[node] += count
      guard sizes[node] <= limits.treeValues else {
        throw CheckpointError(
          .limit, nil, "the pickled value repeats shared parts too often", found: sizes[node],
          bound: limits.treeValues)
      }
    }
  }
}

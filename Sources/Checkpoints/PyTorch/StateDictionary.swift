extension PickleHeap {
  /// The tensors of the state dictionary in `root`.
  ///
  /// The state dictionary is `root` itself, or its item `state_dict` (Lightning),
  /// `model_state_dict` or `model`. Candidates are those items that are dictionaries with a tensor
  /// in them, and `root` if it holds a tensor of rank 1 or more itself (a scalar such as the loss
  /// of a training loop does not count). There must be exactly one: of two, nobody can say which a
  /// program would load. Other values in it are ignored.
  ///
  /// - Throws: `.noStateDictionary`, `.ambiguousStateDictionary`, `.limit`.
  func records(
    _ root: PickleValue, regions: [StorageRegion], bigEndian: Bool, limits: Limits
  ) throws(CheckpointError) -> [TensorRecord] {
    guard case .dictionary(let dictionary) = root else {
      throw CheckpointError(
        .noStateDictionary, nil, "the file holds no dictionary; save model.state_dict()")
    }
    var candidates: [(name: String, dictionary: Int)] = []
    if tensors(in: dictionary).contains(where: { !tensors[$0.tensor].shape.isEmpty }) {
      candidates.append(("the root", dictionary))
    }
    for name in ["state_dict", "model_state_dict", "model"] {
      guard case .dictionary(let item)? = value(in: dictionary, name) else { continue }
      if !tensors(in: item).isEmpty, !candidates.contains(where: { $0.dictionary == item }) {
        candidates.append((name, item))
      }
    }
    if candidates.isEmpty, !tensors(in: dictionary).isEmpty {
      candidates.append(("the root", dictionary))
    }
    guard candidates.count < 2 else {
      throw CheckpointError(
        .ambiguousStateDictionary, nil,
        "tensors stand in \(candidates.map(\.name).joined(separator: " and in ")); "
          + "save only the state dictionary that is meant", found: candidates.count, bound: 1)
    }
    guard let chosen = candidates.first else {
      throw CheckpointError(
        .noStateDictionary, nil,
        "no tensors in the dictionary, nor in its state_dict, model_state_dict or model")
    }
    return try records(in: chosen.dictionary, regions, bigEndian, limits)
  }

  private func tensors(in dictionary: Int) -> [(name: String, tensor: Int)] {
    let node = dictionaries[dictionary]
    var result: [(name: String, tensor: Int)] = []
    for (key, value) in zip(node.keys, node.values) {
      guard case .string(let name) = key, case .tensor(let tensor) = value else { continue }
      result.append((name, tensor))
    }
    return result
  }

  private func records(
    in dictionary: Int, _ regions: [StorageRegion], _ bigEndian: Bool, _ limits: Limits
  ) throws(CheckpointError) -> [TensorRecord] {
    let found = tensors(in: dictionary)
    var held = 0
    for storage in Set(found.map { tensors[$0.tensor].storage }) {
      held = Checked.add(held, storages[storage].count) ?? .max
    }
    let budget = Checked.budget(limits.expandedTotal, ratio: 16, of: held)
    var total = 0
    var result: [TensorRecord] = []
    for (name, number) in found {
      let tensor = tensors[number]
      guard let sum = Checked.add(total, tensor.elementCount), sum <= budget else {
        throw CheckpointError(
          .limit, name, "the tensors repeat their storages too often", found: total, bound: budget)
      }
      total = sum
      let layout = TensorLayout(
        dtype: tensor.dtype, shape: tensor.shape, elementCount: tensor.elementCount,
        region: regions[tensor.storage], byteOffset: tensor.offset * tensor.dtype.size,
        strides: TensorLayout.simplified(tensor.strides, shape: tensor.shape),
        bigEndian: bigEndian)
      result.append(TensorRecord(name: name, layout: layout))
    }
    return result
  }
}

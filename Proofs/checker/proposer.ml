(* Guesses factors: c and T with cA close to T T^T, by Cholesky's method in fixed point. Nothing rests on it. *)

let precision = 128

(* c = 4^k makes every diagonal entry of cA at least 4^precision, and more where they differ much. What is factored is cA minus a multiple of I that
   outweighs the digits that are cut off, so that the residual is diagonally dominant. *)
let propose (a : Z.t list list) : Z.t * Z.t list list =
  let n = List.length a in
  (* What is absent is 0. *)
  let pad row =
    let r = Array.make n Z.zero in
    List.iteri (fun j x -> if j < n then r.(j) <- x) row;
    r
  in
  let a = Array.of_list (List.map pad a) in
  let give_up = (Z.one, []) in
  if n = 0 then give_up
  else begin
    let largest = Array.fold_left Z.max Z.one (Array.mapi (fun i r -> Z.abs r.(i)) a) in
    let smallest = Array.fold_left (fun s i -> if Z.sign a.(i).(i) > 0 then Z.min s a.(i).(i) else s)
        largest (Array.init n Fun.id) in
    (* Where the diagonal is uneven, what is cut off in large rows has to be small beside the smallest entry. *)
    let uneven = precision + (Z.numbits largest / 2) - Z.numbits smallest in
    let k = max 0 (max uneven (precision - Z.numbits smallest / 2)) in
    let shift = Z.mul (Z.of_int (4 * n)) (Z.succ (Z.sqrt (Z.shift_left largest (2 * k)))) in
    let t = Array.init n (fun i -> Array.make (i + 1) Z.zero) in
    let fits = ref true in
    let i = ref 0 in
    while !fits && !i < n do
      let row = t.(!i) in
      for j = 0 to !i do
        let sum = ref (Z.shift_left a.(!i).(j) (2 * k)) in
        if j = !i then sum := Z.sub !sum shift;
        let other = t.(j) in
        for l = 0 to j - 1 do
          sum := Z.sub !sum (Z.mul row.(l) other.(l))
        done;
        if j < !i then row.(j) <- (if Z.sign other.(j) = 0 then Z.zero else Z.div !sum other.(j))
        else if Z.sign !sum < 0 then fits := false
        else row.(j) <- Z.sqrt !sum
      done;
      incr i
    done;
    if not !fits then give_up
    else (Z.shift_left Z.one (2 * k), Array.to_list (Array.map Array.to_list t))
  end

(* A rational a little below the square root of x >= 0. *)
let root (x : Kernel.quotient) : Kernel.quotient =
  let bits = 256 in
  { Kernel.top = Z.sqrt (Z.div (Z.shift_left x.Kernel.top (2 * bits)) x.Kernel.bottom);
    bottom = Z.shift_left Z.one bits }

(* E and X with E A X lower triangular, by columns without fractions; E mixes the rows when a pivot is 0. *)
let triangulate (a : Z.t list list) : Z.t list list * Z.t list list =
  let n = List.length a in
  let pad row =
    let r = Array.make n Z.zero in
    List.iteri (fun j x -> if j < n then r.(j) <- x) row;
    r
  in
  let a = Array.of_list (List.map pad a) in
  let attempt e =
    (* Columns of EA and of X, each column divided by what its entries have in common. *)
    let ea = if e == [||] then a else
        Array.map (fun row ->
            Array.init n (fun j ->
                let sum = ref Z.zero in
                Array.iteri (fun l x -> if Z.sign x <> 0 then sum := Z.add !sum (Z.mul x a.(l).(j))) row;
                !sum)) e in
    let t = Array.init n (fun j -> Array.init n (fun i -> ea.(i).(j))) in
    let x = Array.init n (fun j -> Array.init n (fun i -> if i = j then Z.one else Z.zero)) in
    let good = ref true in
    for k = 0 to n - 1 do
      let pivot = t.(k).(k) in
      if Z.sign pivot = 0 then begin
        for j = k + 1 to n - 1 do if Z.sign t.(j).(k) <> 0 then good := false done
      end
      else
        for j = k + 1 to n - 1 do
          let f = t.(j).(k) in
          if !good && Z.sign f <> 0 then begin
            let p = Z.abs pivot and f = if Z.sign pivot < 0 then Z.neg f else f in
            let combine c = Array.mapi (fun i z -> Z.sub (Z.mul p z) (Z.mul f c.(k).(i))) c.(j) in
            let tj = combine t and xj = combine x in
            let g = Array.fold_left Z.gcd (Array.fold_left Z.gcd Z.zero tj) xj in
            let reduce c = if Z.equal g Z.one then c else Array.map (fun z -> Z.divexact z g) c in
            t.(j) <- reduce tj;
            x.(j) <- reduce xj
          end
        done
    done;
    if !good then Some (Array.to_list (Array.init n (fun i -> List.init n (fun j -> x.(j).(i))))) else None
  in
  let one = List.init n (fun i -> List.init n (fun j -> if i = j then Z.one else Z.zero)) in
  let rec tries k =
    if k = 0 then ([], [])
    else begin
      let e = Array.init n (fun i -> Array.init n (fun j ->
          if i = j then Z.one else if j > i then Z.of_int (Random.int 7) else Z.zero)) in
      match attempt e with
      | Some x -> (Array.to_list (Array.map Array.to_list e), x)
      | None -> tries (k - 1)
    end
  in
  match attempt [||] with Some x -> (one, x) | None -> tries 20

(* For assemblies: one denominator for several quotients, roots, and the metric of the whole. *)

let exact (q : Kernel.quotient) = Exact.make q.Kernel.top q.Kernel.bottom

let gather (quotients : Kernel.quotient list) : Kernel.vector =
  let coordinates, over = Exact.over_one (List.map exact quotients) in
  { Kernel.coordinates; over }

let tabulate (rows : Kernel.quotient list list) : Kernel.matrix =
  let entries, scale = Exact.over_one_table (List.map (List.map exact) rows) in
  { Kernel.entries; scale }

(* The root where it is rational, else a dyadic number above it by less than 2^-200 of it. *)
let root_up (q : Kernel.quotient) : Kernel.quotient =
  let x = exact q in
  if Z.sign x.top <= 0 then { Kernel.top = Z.zero; bottom = Z.one }
  else if Z.perfect_square x.top && Z.perfect_square x.bottom then
    { Kernel.top = Z.sqrt x.top; bottom = Z.sqrt x.bottom }
  else begin
    let bits = max 0 (200 + ((Z.numbits x.bottom - Z.numbits x.top + 1) / 2)) in
    let square = Z.cdiv (Z.shift_left x.top (2 * bits)) x.bottom in
    let r = Z.sqrt square in
    let r = if Z.equal (Z.mul r r) square then r else Z.succ r in
    { Kernel.top = r; bottom = Z.shift_left Z.one bits }
  end

let roots_up quotients = gather (List.map root_up quotients)

(* How many binary digits lie before the first of x > 0, and before its point. *)
let leading_zeros (x : Exact.t) = max 0 (Z.numbits x.bottom - Z.numbits x.top + 1)
let whole_digits (x : Exact.t) = max 0 (Z.numbits x.top - Z.numbits x.bottom + 1)

(* Brackets of e^-x, e^-x/2, ..., e^-x/2^k for x >= 0: 1 - y and 1/(1 + y) at y = x/2^k, squared k times in fixed
   point. They are about 2^-300 of 1 - e^-x apart. *)
let bracket (x : Exact.t) : Kernel.bracket * Kernel.bracket list =
  let k = 320 + (2 * whole_digits x) + leading_zeros x in
  let bits = k + 320 + leading_zeros x in
  let over = Z.shift_left x.bottom k in
  let floor = Z.shift_left (Z.max Z.zero (Z.sub over x.top)) bits and one = Z.shift_left over bits in
  let half_up z = Z.cdiv z (Z.shift_left Z.one bits) in
  let rec squares i (lower, upper) found =
    let pair = (lower, upper) :: found in
    if i = 0 then pair
    else squares (i - 1) (Z.shift_right (Z.mul lower lower) bits, half_up (Z.mul upper upper)) pair in
  let number top = { Kernel.top; bottom = Z.shift_left Z.one bits } in
  match squares k (Z.fdiv floor over, Z.cdiv one (Z.add over x.top)) [] with
  | [] -> assert false
  | first :: rest ->
    let both (lower, upper) = (number lower, number upper) in
    (both first, List.map both rest)

(* Time constants are often the same. *)
let brackets =
  let known = Hashtbl.create 16 in
  fun (q : Kernel.quotient) ->
    let x = exact q in
    let key = (Z.to_string x.top, Z.to_string x.bottom) in
    match Hashtbl.find_opt known key with
    | Some found -> found
    | None ->
      let found = bracket x in
      Hashtbl.add known key found;
      found

(* Sizes 1 - e^-x of an exponential step, cut off a little below, and the factor to show of the Euler step of these
   sizes for [factor] to be that of the exponential one. *)
let near_sizes (steps : Exact.t list) : Kernel.near_sizes =
  let bits = List.fold_left (fun bits x -> max bits (leading_zeros x)) 0 steps + 280 in
  let size (x : Exact.t) =
    let (_, (upper : Kernel.quotient)), _ = brackets { Kernel.top = x.top; bottom = x.bottom } in
    let rest = Z.sub upper.bottom upper.top in
    Exact.make (Z.fdiv (Z.shift_left rest bits) upper.bottom) (Z.shift_left Z.one bits) in
  let sizes = List.map size steps in
  let vector numbers = gather (List.map (fun (x : Exact.t) -> { Kernel.top = x.top; bottom = x.bottom }) numbers) in
  { Kernel.sizes_near = vector sizes; sizes_inverse = vector (List.map (Exact.div Exact.one) sizes);
    near_by = { Kernel.top = Z.one; bottom = Z.shift_left Z.one 250 } }

let factor_near (factor : Exact.t) = Exact.add factor (Exact.neg { factor with bottom = Z.shift_left factor.bottom 100 })

let rec integer n = match n with Kernel.O -> 0 | Kernel.S m -> 1 + integer m

(* Numbers of the components where their units stand. *)
let spread n parts values =
  let whole = Array.make n Exact.zero in
  List.iter2 (fun units own -> List.iter2 (fun i x -> whole.(i) <- x) units own) parts values;
  gather (List.map (fun (x : Exact.t) -> { Kernel.top = x.top; bottom = x.bottom }) (Array.to_list whole))

let join (assembly : Kernel.assembly) thetas (gauges : Kernel.gauge list) : Kernel.gauge =
  let parts = List.map (List.map integer) assembly.Kernel.parts in
  let n = List.fold_left (fun n units -> n + List.length units) 0 parts in
  let thetas = List.map exact thetas in
  let times a b = Exact.make (Z.mul a.Exact.top b.Exact.top) (Z.mul a.Exact.bottom b.Exact.bottom) in
  let vector scale (v : Kernel.vector) =
    List.map (fun x -> times scale (Exact.make x v.Kernel.over)) v.Kernel.coordinates in
  let bounds field = spread n parts (List.map2 (fun s g -> vector s (field g)) thetas gauges) in
  let factor field scales =
    let factors = List.map field gauges in
    let diagonal = function Kernel.Full _ -> false | _ -> true in
    let is_one s f = f = Kernel.One && Exact.compare s Exact.one = 0 in
    if List.for_all2 is_one scales factors then Kernel.One
    else if List.for_all diagonal factors then
      Kernel.Diagonal (spread n parts (List.map2 (fun (s, units) f ->
          match f with Kernel.Diagonal d -> vector s d | _ -> List.map (fun _ -> s) units)
          (List.combine scales parts) factors))
    else begin
      let whole = Array.make_matrix n n Exact.zero in
      List.iter2 (fun (scale, units) f ->
          let units = Array.of_list units in
          match f with
          | Kernel.One -> Array.iter (fun i -> whole.(i).(i) <- scale) units
          | Kernel.Diagonal d -> List.iteri (fun k x -> whole.(units.(k)).(units.(k)) <- x) (vector scale d)
          | Kernel.Full m ->
            List.iteri (fun k row ->
                List.iteri (fun l x -> whole.(units.(k)).(units.(l)) <- times scale (Exact.make x m.Kernel.scale)) row)
              m.Kernel.entries)
        (List.combine scales parts) factors;
      let entries, scale = Exact.over_one_table (Array.to_list (Array.map Array.to_list whole)) in
      Kernel.Full { Kernel.entries; scale }
    end
  in
  { Kernel.numerator = factor (fun g -> g.Kernel.numerator) thetas;
    denominator = factor (fun g -> g.Kernel.denominator) (List.map (fun _ -> Exact.one) thetas);
    lowest = bounds (fun g -> g.Kernel.lowest); highest = bounds (fun g -> g.Kernel.highest);
    floor = bounds (fun g -> g.Kernel.floor) }

let helpers = { Kernel.propose; root; gather; roots_up; tabulate; join }

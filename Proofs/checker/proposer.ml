(* Guesses factors: c and T with cA close to T T^T, by Cholesky's method in fixed point. Nothing rests on it. *)

let precision = 128

(* c = 4^k makes every diagonal entry of cA at least 4^precision. What is factored is cA minus a multiple of I that
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
    let k = max 0 (precision - Z.numbits smallest / 2) in
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

(** PositiveDefinite.swift, the factorisation: when it runs to completion in rounded arithmetic, the matrix it was given
    is positive semidefinite up to a multiple of its trace.

    Sources: Rump, BIT 46 (2006), lemma 2.3 and corollaries 2.4 and 2.7, with the constant of Rump and Jeannerod
    (SIAM J. Matrix Anal. 35, 2014): (n+1) u in place of gamma_(n+1). Here the constant comes from Higham's gamma_n
    (Accuracy and Stability, theorem 10.3), which is at most (n+1) u for n up to 2^26, and from leaving the last pivot
    without its square root. *)
From Coq Require Import ZArith Reals Lra Lia Arith ssreflect ssrbool ssrfun.
From Flocq Require Import Core BinarySingleNaN.
From Certify Require Import FloatingPoint FloatingRounding FloatingSums.

Local Open Scope R_scope.

(** ** The loop *)

(** Step k: the root of the pivot, row k divided by it, and r_ki r_kj taken from every later entry (i, j), i <= j. *)
Definition eliminate (n k : nat) (w : nat -> nat -> double) : nat -> nat -> double :=
  let root := fsqrt (w k k) in
  let row j := if Nat.eqb j k then root else fdiv (w k j) root in
  fun i j =>
    if [&& Nat.ltb k i, Nat.leb i j & Nat.ltb j n] then fsub (w i j) (fmul (row i) (row j))
    else if [&& Nat.eqb i k, Nat.leb k j & Nat.ltb j n] then row j
    else w i j.

(** The array after k steps. *)
Fixpoint eliminated (n : nat) (w : nat -> nat -> double) (k : nat) : nat -> nat -> double :=
  match k with O => w | S l => eliminate n l (eliminated n w l) end.

(** Every pivot is positive and finite. *)
Definition completes (n : nat) (w : nat -> nat -> double) : Prop :=
  forall k, (k < n)%nat -> let pivot := eliminated n w k k k in flt zero pivot && is_finite pivot.

(** ** Powers of 1 + u *)

Definition growth (k : nat) : R := (1 + u) ^ k - 1.

Lemma growthS k : growth (S k) = growth k * (1 + u) + u.
Proof. by rewrite /growth /=; ring. Qed.

Lemma growth_ge0 k : 0 <= growth k.
Proof.
have u0 := u_pos; elim: k => [|k IH]; first by rewrite /growth /=; lra.
by rewrite growthS; nra.
Qed.

Lemma growth_le k l : (k <= l)%nat -> growth k <= growth l.
Proof.
have u0 := u_pos; elim: l => [|l IH] h; first by (have -> : k = O by lia); lra.
case: (Nat.eq_dec k (S l)) => [->|ne]; first by lra.
by have := IH ltac:(lia); have := growth_ge0 l; rewrite growthS; nra.
Qed.

(** (1+u)^k - 1 <= k u / (1 - k u) (Higham, lemma 3.1). *)
Lemma growth_gamma k : INR k * u < 1 -> growth k * (1 - INR k * u) <= INR k * u.
Proof.
have u0 := u_pos; elim: k => [|k IH]; first by rewrite /growth /=; lra.
rewrite S_INR growthS => h; have k0 := pos_INR k.
have {}IH := IH ltac:(nra); have g0 := growth_ge0 k; move: (INR k) (growth k) k0 h IH g0 => m g m0 h IH g0.
have : (g + 1) * (1 - m * u) <= 1 by nra.
have : (1 + u) * (1 - (m + 1) * u) <= 1 - m * u by nra.
suff : (g + 1) * (1 + u) * (1 - (m + 1) * u) <= 1 by nra.
by nra.
Qed.

(** For k up to 2^26 it is at most (k + 1) u. *)
Lemma growth_small k : INR k <= 67108864 -> growth k <= (INR k + 1) * u.
Proof.
move=> k1; have u0 := u_pos; have k0 := pos_INR k.
have Eu : u * 9007199254740992 = 1 by rewrite /u -(bpow_plus radix2 (-53) 53).
have ku : INR k * u <= / 134217728 by nra.
have := growth_gamma k ltac:(lra); have := growth_ge0 k.
move: (INR k) (growth k) k0 k1 ku => m g m0 m1 mu g0 h.
suff : m * u <= (m + 1) * u * (1 - m * u) by move=> ?; apply: (Rmult_le_reg_r (1 - m * u)); lra.
suff : (m + 1) * m * u <= 1 by nra.
by nra.
Qed.

(** ** One entry *)

(** s_0, s_(k+1) = rnd (s_k - p_k): what was subtracted, against what should have been. *)
Lemma subtractions (s p : nat -> R) (m : nat) :
  (forall k, (k <= m)%nat -> format (s k)) -> (forall k, (k < m)%nat -> format (p k)) ->
  (forall k, (k < m)%nat -> s (S k) = rnd (s k - p k)) ->
  Rabs (s O - sum m p - s m) <= growth m * Rabs (s m) + growth (Nat.pred m) * sum m (fun k => Rabs (p k)).
Proof.
have u0 := u_pos; elim: m => [|m IH] Fs Fp E.
  by rewrite /= (_ : s O - 0 - s O = 0) ?Rabs_R0 /growth /=; [ring | lra].
have {}IH := IH (fun k h => Fs k ltac:(lia)) (fun k h => Fp k ltac:(lia)) (fun k h => E k ltac:(lia)).
have e := rnd_add_error_round _ _ (Fs m ltac:(lia)) (format_opp _ (Fp m ltac:(lia))).
rewrite -(E m ltac:(lia)) in e.
have P0 : 0 <= sum m (fun k => Rabs (p k)) by apply: sum_ge0 => *; apply: Rabs_pos.
have tail : Rabs (s m) <= (1 + u) * Rabs (s (S m)) + Rabs (p m).
  by move: e; have := Rabs_pos (s (S m)); split_Rabs; lra.
have g0 := growth_ge0 m; have g1 := growth_le (Nat.pred m) m ltac:(lia).
have total : Rabs (s O - sum (S m) p - s (S m)) <= Rabs (s O - sum m p - s m) + u * Rabs (s (S m)).
  by rewrite /=; move: e; set t := u * _; split_Rabs; lra.
rewrite growthS [Nat.pred _]/= [X in _ <= _ + _ * X]/=.
have := Rmult_le_compat_l _ _ _ g0 tail; have := Rmult_le_compat_r _ _ _ P0 g1.
by move: (Rabs_pos (s (S m))); nra.
Qed.

(** The same with the rounding of the products p_k = rnd (x_k y_k) counted in. *)
Lemma inner_product (s x y : nat -> R) (m : nat) :
  (forall k, (k <= m)%nat -> format (s k)) ->
  (forall k, (k < m)%nat -> s (S k) = rnd (s k - rnd (x k * y k))) ->
  Rabs (s O - sum m (fun k => x k * y k) - s m)
  <= growth m * (Rabs (s m) + sum m (fun k => Rabs (x k * y k))) + (1 + growth m) * (INR m * (eta / 2)).
Proof.
move=> Fs E; have u0 := u_pos; have e0 := eta_pos.
have h := subtractions s (fun k => rnd (x k * y k)) m Fs (fun k _ => format_rnd _) E.
have d : Rabs (sum m (fun k => rnd (x k * y k)) - sum m (fun k => x k * y k))
  <= u * sum m (fun k => Rabs (x k * y k)) + INR m * (eta / 2).
  rewrite -sum_sub -sum_scale -sum_const -sum_add; apply: Rle_trans (sum_abs _ _) _.
  by apply: sum_le => k _; apply: rnd_error.
have b : sum m (fun k => Rabs (rnd (x k * y k))) <= (1 + u) * sum m (fun k => Rabs (x k * y k)) + INR m * (eta / 2).
  rewrite -sum_scale -sum_const -sum_add; apply: sum_le => k _.
  by have := rnd_error (x k * y k); split_Rabs; lra.
have T0 : 0 <= sum m (fun k => Rabs (x k * y k)) by apply: sum_ge0 => *; apply: Rabs_pos.
have tri : Rabs (s O - sum m (fun k => x k * y k) - s m) <= Rabs (s O - sum m (fun k => rnd (x k * y k)) - s m)
  + Rabs (sum m (fun k => rnd (x k * y k)) - sum m (fun k => x k * y k)) by split_Rabs; lra.
case: m h d b T0 tri {Fs E} => [|m] h d b T0 tri.
  by rewrite /= in h *; rewrite /growth /= in h *; lra.
have g0 := growth_ge0 m; move: h; rewrite [Nat.pred _]/= => h.
have := Rmult_le_compat_l _ _ _ g0 b; rewrite (growthS m) in h *.
have ie : 0 <= INR (S m) * (eta / 2) by apply: Rmult_le_pos; [apply: pos_INR | lra].
have : 0 <= (growth m * u + u) * (INR (S m) * (eta / 2)) by apply: Rmult_le_pos => //; nra.
by move: tri d h; move: (Rabs (_ - s (S m))) (Rabs (_ - sum _ _)) => *; lra.
Qed.

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

(** ** The factor *)

Section Completed.
Variables (n : nat) (w : nat -> nat -> double).
Hypothesis run : completes n w.

Notation E := (eliminated n w).
(** Row k of the factor, as the array holds it after step k. *)
Definition factor (k j : nat) : double := E (S k) k j.

Lemma pivot_fin k : (k < n)%nat -> fin (E k k k) /\ 0 < val (E k k k).
Proof. by move=> h; have /andP[p F] := run k h; split=> //; apply: (flt_fin zero _ isT F p). Qed.

Lemma factor_eq k j : (k <= j < n)%nat ->
  factor k j = if Nat.eqb j k then fsqrt (E k k k) else fdiv (E k k j) (fsqrt (E k k k)).
Proof.
move=> [kj jn]; rewrite /factor /= /eliminate Nat.ltb_irrefl Nat.eqb_refl /=.
by rewrite (proj2 (Nat.leb_le k j) kj) (proj2 (Nat.ltb_lt j n) jn).
Qed.

Lemma eliminated_eq k i j : (k < i <= j)%nat -> (j < n)%nat ->
  E (S k) i j = fsub (E k i j) (fmul (factor k i) (factor k j)).
Proof.
move=> [ki ij] jn; rewrite !factor_eq; try lia.
by rewrite /= /eliminate (proj2 (Nat.ltb_lt k i) ki) (proj2 (Nat.leb_le i j) ij) (proj2 (Nat.ltb_lt j n) jn).
Qed.

Lemma earlier_fin m k i j : (k <= m <= i)%nat -> (i <= j < n)%nat -> fin (E m i j) -> fin (E k i j).
Proof.
elim: m => [|m IH] h1 h2; first by have -> : k = O by lia.
case: (Nat.eq_dec k (S m)) => [->|ne] //; rewrite eliminated_eq; try lia.
by move=> /fsub_fin[F _ _]; apply: IH => //; lia.
Qed.

Lemma root_pos k : (k < n)%nat ->
  [/\ fin (factor k k), 0 < val (factor k k) &
      Rabs (val (E k k k) - val (factor k k) * val (factor k k)) <= 2 * u * (val (factor k k) * val (factor k k))].
Proof.
move=> h; have [F p] := pivot_fin k h; have p' := Rlt_le _ _ p; rewrite factor_eq; first lia.
rewrite Nat.eqb_refl.
have Fr := fsqrt_fin_ge0 _ F p'; have [_ _ Er] := fsqrt_fin _ Fr.
have := rnd_sqrt_error _ (format_val _) p'; rewrite -Er => e; split=> //.
have r0 : 0 <= val (fsqrt (E k k k)) by rewrite Er -rnd0; apply: rnd_le; apply: sqrt_pos.
apply: Rnot_le_lt => r1; have r : val (fsqrt (E k k k)) = 0 by lra.
by move: e; rewrite r !Rmult_0_r Rminus_0_r Rabs_pos_eq //; lra.
Qed.

Lemma factor_fin k j : (k <= j < n)%nat -> fin (factor k j).
Proof.
move=> h; case: (Nat.eq_dec k j) => [<-|ne]; first by have [] := root_pos k ltac:(lia).
have [F _] := pivot_fin j ltac:(lia); have := earlier_fin j (S k) j j ltac:(lia) ltac:(lia) F.
by rewrite eliminated_eq; try lia; move=> /fsub_fin[_ /fmul_fin[]].
Qed.

Lemma entry_fin i j : (i <= j < n)%nat -> fin (E i i j).
Proof.
move=> h; case: (Nat.eq_dec i j) => [<-|ne]; first by have [] := pivot_fin i ltac:(lia).
have := factor_fin i j h; have [_] := root_pos i ltac:(lia); rewrite !factor_eq; try lia.
rewrite Nat.eqb_refl (proj2 (Nat.eqb_neq j i)); first lia.
by move=> r _ F; have [] := fdiv_fin _ _ (Rgt_not_eq _ _ r) F.
Qed.

(** Every entry of the triangle was finite from the start. *)
Lemma start_fin i j : (i <= j < n)%nat -> fin (w i j).
Proof. by move=> h; apply: (earlier_fin i O i j) => //; [lia | apply: entry_fin]. Qed.

Lemma step_val k i j : (k < i <= j)%nat -> (j < n)%nat ->
  val (E (S k) i j) = rnd (val (E k i j) - rnd (val (factor k i) * val (factor k j))).
Proof.
move=> h1 h2; have := earlier_fin i (S k) i j ltac:(lia) ltac:(lia) (entry_fin i j ltac:(lia)).
by rewrite eliminated_eq // => /fsub_fin[_ /fmul_fin[_ _ ->] ->].
Qed.

Lemma entry_sum i j : (i <= j < n)%nat ->
  Rabs (val (w i j) - sum i (fun k => val (factor k i) * val (factor k j)) - val (E i i j))
  <= growth i * (Rabs (val (E i i j)) + sum i (fun k => Rabs (val (factor k i) * val (factor k j))))
    + (1 + growth i) * (INR i * (eta / 2)).
Proof.
move=> h; apply: (inner_product (fun k => val (E k i j)) (fun k => val (factor k i)) (fun k => val (factor k j)) i).
  by move=> *; apply: format_val.
by move=> k hk; apply: step_val; lia.
Qed.

Lemma pivot_le i : (i < n)%nat -> val (E i i i) <= val (w i i).
Proof.
move=> h; suff : forall k, (k <= i)%nat -> val (E k i i) <= val (w i i) by apply; lia.
elim=> [|k IH] hk; first exact: Rle_refl.
rewrite step_val; try lia; apply: Rle_trans (IH ltac:(lia)).
rewrite -{2}(rnd_id _ (format_val (E k i i))); apply: rnd_le.
have : 0 <= rnd (val (factor k i) * val (factor k i)) by rewrite -rnd0; apply: rnd_le; apply: Rle_0_sqr.
by lra.
Qed.

Lemma root_le i : (i < n)%nat -> val (factor i i) <= 1 + val (w i i).
Proof.
move=> h; have [_ r0 /Rabs_le_inv[e _]] := root_pos i h; have := pivot_le i h; have [_ p] := pivot_fin i h.
have u1 : u <= / 8 by rewrite /u; have := bpow_le radix2 (-53) (-3) ltac:(discriminate); rewrite [bpow (-3)]/=; lra.
have r1 : val (factor i i) * val (factor i i) <= 2 * val (E i i i) by nra.
by move: p r0 r1 => p r0 r1 q; nra.
Qed.

(** The factor as real numbers, upper triangular, its last diagonal entry the exact root. *)
Definition exactFactor (k j : nat) : R :=
  if Nat.ltb j k then 0 else if Nat.eqb (S k) n then sqrt (val (E k k k)) else val (factor k j).

Notation Q := exactFactor.
Definition kappa : R := (INR n + 1) * u.
Hypothesis small : INR n <= 67108864.

Lemma kappa_bounds : 0 < kappa < / 16.
Proof.
have u0 := u_pos; have n0 := pos_INR n; rewrite /kappa.
have Eu : u * 9007199254740992 = 1 by rewrite /u -(bpow_plus radix2 (-53) 53).
by split; nra.
Qed.

Lemma growth_kappa k : (k <= n)%nat -> growth k <= kappa.
Proof. by move=> /growth_le h; apply: Rle_trans h (growth_small _ small). Qed.

Lemma exactFactor_zero k j : (j < k)%nat -> Q k j = 0.
Proof. by move=> h; rewrite /exactFactor (proj2 (Nat.ltb_lt j k) h). Qed.

Lemma exactFactor_factor k j : (k <= j)%nat -> (S k < n)%nat -> Q k j = val (factor k j).
Proof.
by move=> h1 h2; rewrite /exactFactor (proj2 (Nat.ltb_ge j k) h1) (proj2 (Nat.eqb_neq (S k) n)) //; lia.
Qed.

Lemma exactFactor_last k : S k = n -> Q k k = sqrt (val (E k k k)).
Proof. by move=> h; rewrite /exactFactor Nat.ltb_irrefl (proj2 (Nat.eqb_eq _ _) h). Qed.

(** ** The backward error *)

Definition start (i j : nat) : R := val (w (Nat.min i j) (Nat.max i j)).

Lemma backward_error i j d : (i <= j < n)%nat -> (if Nat.eqb i j then 0 else val (factor i i)) <= d ->
  Rabs (val (w i j) - sum n (fun k => Q k i * Q k j))
  <= kappa * sum n (fun k => Rabs (Q k i * Q k j)) + (INR i + d) * eta.
Proof.
move=> h hd; have u0 := u_pos; have e0 := eta_pos; have [k0 k1] := kappa_bounds.
have zeros k : (S i <= k < n)%nat -> Q k i * Q k j = 0.
  by move=> hk; rewrite exactFactor_zero ?Rmult_0_l //; lia.
have zeros' k : (S i <= k < n)%nat -> Rabs (Q k i * Q k j) = 0 by move=> /zeros ->; apply: Rabs_R0.
have in_ : (S i <= n)%nat by lia.
rewrite (sum_restrict n (S i) _ in_ zeros) (sum_restrict n (S i) _ in_ zeros') /=.
have same k : (k < i)%nat -> Q k i * Q k j = val (factor k i) * val (factor k j).
  by move=> hk; rewrite !exactFactor_factor //; lia.
have same' k : (k < i)%nat -> Rabs (Q k i * Q k j) = Rabs (val (factor k i) * val (factor k j)).
  by move=> /same ->.
rewrite (sum_ext i _ _ same) (sum_ext i _ _ same').
have := entry_sum i j h; set T := sum i (fun k => Rabs _); set P := sum i _; set s := val (E i i j) => e.
have T0 : 0 <= T by apply: sum_ge0 => *; apply: Rabs_pos.
have g0 := growth_ge0 i; have g1 := growth_kappa i ltac:(lia).
have i0 : 0 <= INR i * (eta / 2) by apply: Rmult_le_pos; [apply: pos_INR | lra].
have ie : (1 + growth i) * (INR i * (eta / 2)) <= INR i * eta by nra.
case: (Nat.eq_dec i j) => [Ej|ne].
  rewrite -Ej Nat.eqb_refl in hd e *; have de : 0 <= d * eta by apply: Rmult_le_pos; lra.
  have [_ p] := pivot_fin i ltac:(lia); rewrite {}/s -Ej in e; set s := val (E i i i) in e p.
  have s0 := Rlt_le _ _ p; rewrite (Rabs_pos_eq s s0) in e.
  case: (Nat.eq_dec (S i) n) => [last|nlast].
    rewrite exactFactor_last // -/s (sqrt_sqrt s s0) (Rabs_pos_eq s s0).
    have -> : val (w i i) - (P + s) = val (w i i) - P - s by ring.
    by have := Rmult_le_compat_r (s + T) _ _ ltac:(lra) g1; lra.
  rewrite exactFactor_factor; try lia; have [_ r0] := root_pos i ltac:(lia); rewrite -/s.
  set q := val (factor i i) * _ => r1; have q0 : 0 <= q by apply: Rle_0_sqr.
  have g2 := growth_kappa (S (S i)) ltac:(lia); rewrite !growthS in g2.
  have gT := Rmult_le_compat_r T _ _ T0 g1; have gq := Rmult_le_compat_r q _ _ q0 g2.
  have gs : growth i * s <= growth i * (q + 2 * u * q) by apply: Rmult_le_compat_l => //; move: r1; split_Rabs; lra.
  have uq : 0 <= u * u * q by apply: Rmult_le_pos => //; nra.
  have guq : 0 <= growth i * (u * u * q) by apply: Rmult_le_pos.
  by rewrite (Rabs_pos_eq q) //; move: e r1; split_Rabs; lra.
rewrite (proj2 (Nat.eqb_neq i j) ne) in hd.
rewrite !exactFactor_factor; try lia; have [Fr r0 _] := root_pos i ltac:(lia).
have Eq : val (factor i j) = rnd (s / val (factor i i)).
  have := factor_fin i j h; rewrite [factor i j]factor_eq // [in val (factor i i)]factor_eq; try lia.
  rewrite Nat.eqb_refl (proj2 (Nat.eqb_neq j i)); first lia.
  move: r0; rewrite factor_eq; first lia.
  by rewrite Nat.eqb_refl => r0 F; have [] := fdiv_fin _ _ (Rgt_not_eq _ _ r0) F.
have := rnd_error_round (s / val (factor i i)); rewrite -Eq.
move: (val (factor i i)) (val (factor i j)) r0 hd {Eq Fr} => r q r0 hd eq.
have {}eq : Rabs (s - r * q) <= u * Rabs (r * q) + r * (eta / 2).
  have -> : s - r * q = - (r * (q - s / r)) by field; lra.
  rewrite Rabs_Ropp !Rabs_mult (Rabs_pos_eq r); first lra.
  by have := Rmult_le_compat_l r _ _ ltac:(lra) eq; lra.
have q0 := Rabs_pos (r * q); set z := Rabs (r * q) in eq q0 *.
have g2 := growth_kappa (S i) ltac:(lia); rewrite growthS in g2.
have gT := Rmult_le_compat_r T _ _ T0 g1; have gq := Rmult_le_compat_r z _ _ q0 g2.
have re : 0 <= r * (eta / 2) by apply: Rmult_le_pos; lra.
have de : r * eta <= d * eta by apply: Rmult_le_compat_r; lra.
have gs : growth i * Rabs s <= growth i * (z + u * z + r * (eta / 2)).
  by apply: Rmult_le_compat_l => //; move: eq; rewrite /z; split_Rabs; lra.
have gr : growth i * (r * (eta / 2)) <= r * (eta / 2) by rewrite -{2}[r * _]Rmult_1_l; apply: Rmult_le_compat_r; lra.
have : Rabs (val (w i j) - (P + r * q)) <= Rabs (val (w i j) - P - s) + Rabs (s - r * q) by split_Rabs; lra.
by lra.
Qed.

(** ** The form *)

Variable top : R.
Hypothesis topE : forall i, (i < n)%nat -> val (w i i) <= top.

Lemma start_error i j : (i < n)%nat -> (j < n)%nat ->
  Rabs (start i j - sum n (fun k => Q k i * Q k j))
  <= kappa * sum n (fun k => Rabs (Q k i) * Rabs (Q k j)) + (INR n + 1 + top) * eta.
Proof.
move=> hi hj; rewrite /start.
have ordered a b : (a <= b < n)%nat -> Rabs (val (w a b) - sum n (fun k => Q k a * Q k b))
  <= kappa * sum n (fun k => Rabs (Q k a) * Rabs (Q k b)) + (INR n + 1 + top) * eta.
  move=> h; have e0 := eta_pos; have r1 := root_le a ltac:(lia); have t1 := topE a ltac:(lia).
  have [_ r0 _] := root_pos a ltac:(lia).
  rewrite (sum_ext n (fun k => Rabs (Q k a) * Rabs (Q k b)) (fun k => Rabs (Q k a * Q k b))).
    by move=> k _; rewrite Rabs_mult.
  have hd : (if Nat.eqb a b then 0 else val (factor a a)) <= 1 + top by case: Nat.eqb; lra.
  apply: Rle_trans (backward_error a b _ h hd) _; apply: Rplus_le_compat_l.
  by apply: Rmult_le_compat_r; [lra | have := le_INR a n ltac:(lia); lra].
case: (Nat.le_ge_cases i j) => ij.
  by rewrite Nat.min_l // Nat.max_r //; apply: ordered.
rewrite Nat.min_r // Nat.max_l //; have := ordered j i ltac:(lia).
rewrite (sum_ext n (fun k => Q k j * Q k i) (fun k => Q k i * Q k j)); first by move=> k _; ring.
by rewrite (sum_ext n (fun k => Rabs (Q k j) * Rabs (Q k i)) (fun k => Rabs (Q k i) * Rabs (Q k j))) // => k _; ring.
Qed.

(** The squares of the factor add up to hardly more than the trace. *)
Lemma factor_trace : (1 - kappa) * sum n (fun k => sum n (fun j => Q k j * Q k j))
  <= sum n (fun j => val (w j j) + INR j * eta).
Proof.
rewrite sum_exchange -sum_scale; apply: sum_le => j hj.
have hd : (if Nat.eqb j j then 0 else val (factor j j)) <= 0 by rewrite Nat.eqb_refl; lra.
have := backward_error j j 0 ltac:(lia) hd.
rewrite (sum_ext n (fun k => Rabs (Q k j * Q k j)) (fun k => Q k j * Q k j)).
  by move=> k _; rewrite Rabs_pos_eq //; apply: Rle_0_sqr.
by split_Rabs; lra.
Qed.

Theorem completes_form x :
  - (kappa / (1 - kappa) * sum n (fun j => val (w j j) + INR j * eta) + INR n * ((INR n + 1 + top) * eta)) * norm2 n x
  <= form n start x.
Proof.
have [k0 k1] := kappa_bounds; have N0 := norm2_ge0 n x.
set b := (INR n + 1 + top) * eta; set tr := sum n (fun j => _ + _).
set F := sum n (fun k => sum n (fun j => Q k j * Q k j)).
have FT : kappa * F <= kappa / (1 - kappa) * tr.
  have -> : kappa * F = kappa / (1 - kappa) * ((1 - kappa) * F) by field; lra.
  apply: Rmult_le_compat_l; last exact: factor_trace.
  by apply: Rmult_le_pos; [lra | apply/Rlt_le/Rinv_0_lt_compat; lra].
pose G i j := sum n (fun k => Q k i * Q k j).
pose B i j := kappa * sum n (fun k => Rabs (Q k i) * Rabs (Q k j)).
have split_form : form n start x = form n G x + form n (fun i j => start i j - G i j) x.
  by rewrite -form_add; apply: form_ext => i j _ _; ring.
have G0 : 0 <= form n G x := form_gram_ge0 n n Q x.
pose y i := Rabs (x i).
have y2 : norm2 n y = norm2 n x by apply: sum_ext => i _; rewrite /y -Rabs_mult Rabs_pos_eq //; apply: Rle_0_sqr.
have bound : Rabs (form n (fun i j => start i j - G i j) x) <= form n (fun i j => B i j + b) y.
  apply: Rle_trans (sum_abs _ _) _; apply: sum_le => i hi; apply: Rle_trans (sum_abs _ _) _.
  apply: sum_le => j hj; rewrite !Rabs_mult -/(y i) -/(y j).
  have := start_error i j hi hj; rewrite -/(G i j) -/(B i j) -/b => h.
  by apply: Rmult_le_compat_r; [apply: Rabs_pos | apply: Rmult_le_compat_l => //; apply: Rabs_pos].
have B1 : form n B y <= kappa * F * norm2 n x.
  have -> : form n B y = kappa * form n (fun i j => sum n (fun k => Rabs (Q k i) * Rabs (Q k j))) y.
    rewrite /form -sum_scale; apply: sum_ext => i _; rewrite -sum_scale; apply: sum_ext => j _.
    by rewrite /B; ring.
  rewrite Rmult_assoc; apply: Rmult_le_compat_l; first lra.
  rewrite (form_gram n n (fun k i => Rabs (Q k i))) /F -sum_scale_r; apply: sum_le => k _.
  apply: Rle_trans (sum_cauchy n (fun i => Rabs (Q k i)) y) _; apply: Req_le; congr (_ * _); last exact: y2.
  by apply: sum_ext => i _; rewrite -Rabs_mult Rabs_pos_eq //; apply: Rle_0_sqr.
have B2 : form n (fun _ _ => b) y <= INR n * b * norm2 n x.
  case: (Nat.eq_dec n 0) => [->|n0]; first by rewrite /form /norm2 /=; lra.
  have b0 : 0 <= b.
    have e0 := eta_pos; have := topE 0%nat ltac:(lia); have := pivot_le 0%nat ltac:(lia).
    have [_ p] := pivot_fin 0%nat ltac:(lia); have n1 := pos_INR n => *; apply: Rmult_le_pos; lra.
  have h := form_row_sums n (fun _ _ => b) (fun _ _ => b) y
    ltac:(by move=> *; rewrite Rabs_pos_eq //; apply: Rle_refl) ltac:(done).
  apply: Rle_trans (Rle_abs _) _; apply: Rle_trans h _; rewrite -y2 /norm2 sum_const sum_scale; exact: Rle_refl.
have := Rmult_le_compat_r _ _ _ N0 FT; rewrite form_add in bound.
by move: bound => /Rabs_le_inv[lo _]; rewrite split_form; lra.
Qed.

End Completed.

(** EnclosedMatrix.swift beyond 256 columns: norms of rows and columns, rounded up, bound the error of a product. *)
From Coq Require Import ZArith Reals Lra Lia Arith ssreflect ssrbool ssrfun.
From Flocq Require Import Core BinarySingleNaN.
From Certify Require Import FloatingPoint FloatingRounding FloatingProducts FloatingInterval FloatingSums
  FloatingCholesky FloatingDefiniteness FloatingMatrix.

Local Open Scope R_scope.

Section Coarse.
Variable n : nat.
Hypothesis n0 : (0 < n)%nat.
Hypothesis small : INR n <= 67108864.
Notation g := (growth n).

(** [upperNorm] of a rounded sum of squares, as [rowNorms] and [columnNorms] call it. *)
Definition normInflation : double := fadd one (fmul (fmul (literal 2 0) (ofNat (n + 4))) (literal 1 (-52))).
Definition norm (v : nat -> double) : double :=
  squareRootUp (fsucc (fadd (fsucc (fmul (dotProduct n v v) normInflation)) (underflow n))).

Lemma normInflation_val : fin normInflation /\ val normInflation = 1 + 4 * (INR n + 4) * u.
Proof.
have n4 : INR (n + 4) = INR n + 4 by rewrite plus_INR /=; lra.
have [F V] := scaled_count 2 (-52) (n + 4) ltac:(lia) ltac:(rewrite n4; lra) ltac:(rewrite /emin; lia).
have E52 : bpow (-52) = 2 * u := bpow_plus radix2 1 (-53).
have [_ nu] := u_small.
have small' : 0 <= 4 * (INR n + 4) * u <= 1 by have := pos_INR n; have := u_pos; split; nra.
have Es : val one + val (fmul (fmul (literal 2 0) (ofNat (n + 4))) (literal 1 (-52))) = 1 + 4 * (INR n + 4) * u.
  by rewrite V val_one E52 n4; ring.
have Fi : fin normInflation.
  rewrite /normInflation; apply: fadd_ok => //; rewrite Es Rabs_pos_eq; first lra.
  by apply: (Rle_trans _ (bpow 1)); [change (bpow 1) with 2; lra | apply: bpow_huge; lia].
split=> //; have [_ _ ->] := fadd_fin _ _ Fi; rewrite Es; apply: rnd_id.
have -> : 1 + 4 * (INR n + 4) * u = IZR (2 ^ 51 + Z.of_nat (n + 4)) * bpow (-51).
  have -> : bpow (-51) = 4 * u := bpow_plus radix2 2 (-53).
  by rewrite plus_IZR -INR_IZR_INZ n4 (IZR_Zpower radix2 51) //; change (bpow 51) with 2251799813685248; lra.
apply: format_int; last by rewrite /emin; lia.
have : (Z.of_nat (n + 4) <= 67108868)%Z by apply: le_IZR; rewrite -INR_IZR_INZ n4; lra.
by lia.
Qed.

Lemma square_nonneg x : above 0 (fmul x x).
Proof.
case: (boolP (is_finite (fmul x x))) => F.
  have [_ _ E] := fmul_fin _ _ F; apply/above_fin => //; rewrite E -rnd0; apply: rnd_le; exact: Rle_0_sqr.
have := Bmult_correct prec emax prec_gt0 prec_lt_emax mode_NE x x; rewrite -/(fmul x x).
case: (boolP (is_finite x)) => Fx; last by case: x F Fx => [?|[]||? ? ? ?].
case: Rlt_bool => [[_ [E _]]|]; first by rewrite E in F.
by rewrite Bool.xorb_nilpotent; case: (fmul x x) => // s [->].
Qed.

Lemma squares_nonneg v m : above 0 (dotProduct m v v).
Proof. by elim: m => [|m IH] /=; [apply: (above_val zero) | apply: fadd_nonneg => //; apply: square_nonneg]. Qed.

Lemma fsucc_nonneg r : above 0 r -> above 0 (fsucc r).
Proof.
move=> r0; apply: fsucc_not_low => F; have Fr := fsucc_was_fin r r0 F; rewrite fsucc_fin //.
by apply: Rle_trans (above_finite _ _ r0 Fr) _; apply: succ_ge_id.
Qed.

Lemma squareRootUp_fin x : fin (squareRootUp x) -> fin x.
Proof.
rewrite /squareRootUp; case: (boolP (is_finite (fsqrt x))) => [/fsqrt_fin[] //|F F'].
by rewrite F' in F.
Qed.

Lemma addingUp_fin x y : fin (addingUp x y) -> fin x /\ fin y.
Proof.
rewrite /addingUp /twoSum; set e := fadd (fsub x _) _.
case: (boolP (is_finite (fadd x y))) => [/fadd_fin[] //|]; by case: (fadd x y).
Qed.

(** The sums of the norms in real numbers. *)
Lemma sum_norms x y : sum n (fun k => Rabs (x k) * Rabs (y k))
  <= sqrt (sum n (fun k => x k * x k)) * sqrt (sum n (fun k => y k * y k)).
Proof.
have x0 : 0 <= sum n (fun k => x k * x k) by apply: sum_ge0 => *; apply: Rle_0_sqr.
have y0 : 0 <= sum n (fun k => y k * y k) by apply: sum_ge0 => *; apply: Rle_0_sqr.
rewrite -sqrt_mult //; rewrite -[X in X <= _]sqrt_square; last first.
  apply: sqrt_le_1_alt; have := sum_cauchy n (fun k => Rabs (x k)) (fun k => Rabs (y k)).
  have sq z : sum n (fun k => Rabs (z k) * Rabs (z k)) = sum n (fun k => z k * z k).
    by apply: sum_ext => k _; rewrite -Rabs_mult Rabs_pos_eq //; apply: Rle_0_sqr.
  by rewrite !sq.
by apply: sum_ge0 => k _; apply: Rmult_le_pos; apply: Rabs_pos.
Qed.

Lemma sum_norms_le x y p q : sqrt (sum n (fun k => x k * x k)) <= p -> sqrt (sum n (fun k => y k * y k)) <= q ->
  sum n (fun k => Rabs (x k) * Rabs (y k)) <= p * q.
Proof.
by move=> xp yq; apply: Rle_trans (sum_norms x y) _; apply: Rmult_le_compat => //; apply: sqrt_pos.
Qed.

Lemma norm_real S D P : 0 <= S -> Rabs (S - D) <= g * S + underflows n -> D * (1 + 4 * (INR n + 4) * u) <= P ->
  S <= P + 2 * (INR n + 4) * eta.
Proof.
move=> S0 h; have [_ u1] := u_small; have u0 := u_pos; have g0 := growth_ge0 n; have e0 := eta_pos.
have m0 := pos_INR n; have gs := growth_small n small; move: h; rewrite /underflows.
move: (INR n) g m0 small g0 gs => m h m0 m1 h0 gs.
have h1 : h <= / 1024 by nra.
have mU : 0 <= m * (eta / 2) by apply: Rmult_le_pos; lra.
set U := (1 + h) * _; have U0 : 0 <= U by rewrite /U; nra.
have U1 : U <= 2 * (m * (eta / 2)) by rewrite /U; nra.
set I := 1 + 4 * (m + 4) * u => /Rabs_le_inv[_ low] DP.
have I0 : 1 <= I by rewrite /I; nra.
have I1 : I <= 2 by rewrite /I; nra.
have gain : 1 <= I * (1 - h).
  have : I * (1 - (m + 1) * u) <= I * (1 - h) by apply: Rmult_le_compat_l; lra.
  have mm : (m + 4) * u <= / 8 by nra.
  have mu : 0 <= m * u by apply: Rmult_le_pos; lra.
  have := Rmult_le_compat_r ((m + 1) * u * 4) _ _ ltac:(lra) mm.
  by rewrite /I; lra.
have := Rmult_le_compat_r S _ _ S0 gain.
have := Rmult_le_compat_l I ((1 - h) * S - U) D ltac:(lra) ltac:(lra).
have := Rmult_le_compat_r U _ _ U0 I1.
have me : 0 <= m * eta by apply: Rmult_le_pos; lra.
by lra.
Qed.

(** The norm is an upper bound, and finite only if all entries are. *)
Theorem norm_above v : fin (norm v) ->
  (forall k, (k < n)%nat -> fin (v k)) /\ sqrt (sum n (fun k => val (v k) * val (v k))) <= val (norm v).
Proof.
move=> F; have [Fi Ei] := normInflation_val; have [Fu Eu] := underflow_val n n0 small.
have [u1 nu] := u_small; have u0 := u_pos; have m0 := pos_INR n; have e0 := eta_pos.
have i0 : above 0 normInflation.
  by apply/above_fin; [exact: Fi | rewrite Ei; have := Rmult_le_pos (INR n + 4) u ltac:(lra) ltac:(lra); lra].
have v0 : above 0 (underflow n).
  by apply/above_fin; [exact: Fu | rewrite Eu; apply: Rmult_le_pos; lra].
have P0 := fmul_nonneg _ _ (squares_nonneg v n) i0; have Q0 := fsucc_nonneg _ P0; have X0 := fadd_nonneg _ _ Q0 v0.
have FS := squareRootUp_fin _ F; have FX := fsucc_was_fin _ X0 FS; have [FQ _ EX] := fadd_fin _ _ FX.
have FP := fsucc_was_fin _ P0 FQ; have [FD _ EP] := fmul_fin _ _ FP.
split; first by move=> k hk; have [] := dotProduct_fin n v v k FD hk.
have s1 := fsucc_rnd _ _ FP EP FQ; have s2 := fsucc_rnd _ _ FX EX FS; rewrite Ei in s1; rewrite Eu in s2.
have S0 : 0 <= sum n (fun k => val (v k) * val (v k)) by apply: sum_ge0 => *; apply: Rle_0_sqr.
have err := dotProduct_error n v v FD.
rewrite (sum_ext n (fun k => Rabs _) (fun k => val (v k) * val (v k))) in err.
  by move=> k _; rewrite Rabs_pos_eq //; apply: Rle_0_sqr.
have := norm_real _ _ _ S0 err s1 => h; refine (above_finite _ _ _ F); refine (squareRootUp_above _ _ _).
by apply/above_fin; [exact: FS | lra].
Qed.

Lemma norm_nonneg v : above 0 (norm v).
Proof.
rewrite -sqrt_0; refine (squareRootUp_above _ _ _); apply: fsucc_nonneg.
have [Fi Ei] := normInflation_val; have [Fu Eu] := underflow_val n n0 small; have u0 := u_pos; have m0 := pos_INR n.
refine (fadd_nonneg _ _ (fsucc_nonneg _ (fmul_nonneg _ _ (squares_nonneg v n) _)) _).
  by apply/above_fin; [exact: Fi | rewrite Ei; have := Rmult_le_pos (INR n + 4) u ltac:(lra) ltac:(lra); lra].
by apply/above_fin; [exact: Fu | rewrite Eu; have := eta_pos => ?; apply: Rmult_le_pos; lra].
Qed.

End Coarse.

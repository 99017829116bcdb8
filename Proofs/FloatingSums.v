(** Finite sums of reals, quadratic forms, and two reasons for a form to be positive definite: its residual to c + R^T R
    is small in row sums, or in a bound of rank one. Statements are about functions of two indices below n. *)
From Coq Require Import Reals Lra Lia Arith ssreflect ssrbool.
From Flocq Require Import Core.

Local Open Scope R_scope.

Fixpoint sum (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S m => sum m f + f m end.

Section Sums.
Implicit Types (f g : nat -> R) (n m : nat).

Lemma sum_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> sum n f = sum n g.
Proof.
elim: n => [|n IH] //= h; rewrite (h n ltac:(lia)); congr (_ + _).
by apply: IH => i hi; apply: h; lia.
Qed.

Lemma sum_le n f g : (forall i, (i < n)%nat -> f i <= g i) -> sum n f <= sum n g.
Proof.
elim: n => [|n IH] /= h; first exact: Rle_refl.
by apply: Rplus_le_compat; [apply: IH => i hi; apply: h; lia | apply: h; lia].
Qed.

Lemma sum0 n : sum n (fun _ => 0) = 0.
Proof. by elim: n => [|n IH] //=; rewrite IH; ring. Qed.

Lemma sum_const n a : sum n (fun _ => a) = INR n * a.
Proof. by elim: n => [|n IH]; rewrite ?S_INR /= ?IH; ring. Qed.

Lemma sum_ge0 n f : (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= sum n f.
Proof. by move=> h; rewrite -(sum0 n); apply: sum_le. Qed.

Lemma sum_add n f g : sum n (fun i => f i + g i) = sum n f + sum n g.
Proof. by elim: n => [|n IH] /=; rewrite ?IH; ring. Qed.

Lemma sum_scale n a f : sum n (fun i => a * f i) = a * sum n f.
Proof. by elim: n => [|n IH] /=; rewrite ?IH; ring. Qed.

Lemma sum_scale_r n a f : sum n (fun i => f i * a) = sum n f * a.
Proof. by elim: n => [|n IH] /=; rewrite ?IH; ring. Qed.

Lemma sum_sub n f g : sum n (fun i => f i - g i) = sum n f - sum n g.
Proof. by elim: n => [|n IH] /=; rewrite ?IH; ring. Qed.

Lemma sum_exchange n m (f : nat -> nat -> R) :
  sum n (fun i => sum m (fun j => f i j)) = sum m (fun j => sum n (fun i => f i j)).
Proof. by elim: n => [|n IH] /=; rewrite ?sum0 // IH -sum_add. Qed.

Lemma sum_abs n f : Rabs (sum n f) <= sum n (fun i => Rabs (f i)).
Proof.
elim: n => [|n IH] /=; first by rewrite Rabs_R0; apply: Rle_refl.
by apply: Rle_trans (Rabs_triang _ _) _; apply: Rplus_le_compat_r.
Qed.

(** One entry, or the terms of an initial piece, are at most a sum of nonnegative terms. *)
Lemma sum_ge_term n f i : (i < n)%nat -> (forall k, (k < n)%nat -> 0 <= f k) -> f i <= sum n f.
Proof.
elim: n => [|n IH] hi h /=; first by lia.
have h' k : (k < n)%nat -> 0 <= f k by move=> ?; apply: h; lia.
case: (Nat.eq_dec i n) => [->|ne]; first by have := sum_ge0 n f h'; lra.
by have := IH ltac:(lia) h'; have := h n ltac:(lia); lra.
Qed.

Lemma sum_restrict n m f : (m <= n)%nat -> (forall k, (m <= k < n)%nat -> f k = 0) -> sum n f = sum m f.
Proof.
elim: n => [|n IH] mn h; first by have -> : m = O by lia.
case: (Nat.eq_dec m (S n)) => [->|ne] //=.
rewrite (h n ltac:(lia)) IH; [lia | move=> k hk; apply: h; lia | ring].
Qed.

(** Cauchy and Schwarz. *)
Lemma sum_cauchy n f g :
  sum n (fun i => f i * g i) * sum n (fun i => f i * g i)
  <= sum n (fun i => f i * f i) * sum n (fun i => g i * g i).
Proof.
elim: n => [|n IH] /=; first by lra.
move: IH; set F := sum n (fun i => f i * f i); set G := sum n (fun i => g i * g i).
set P := sum n (fun i => f i * g i) => IH; set a := f n; set b := g n.
have F0 : 0 <= F by apply: sum_ge0 => i _; apply: Rle_0_sqr.
have G0 : 0 <= G by apply: sum_ge0 => i _; apply: Rle_0_sqr.
suff : 2 * P * (a * b) <= F * (b * b) + G * (a * a) by nra.
have S0 : 0 <= F * (b * b) + G * (a * a) by have := Rle_0_sqr a; have := Rle_0_sqr b; rewrite /Rsqr; nra.
apply: Rsqr_incr_0_var => //; rewrite /Rsqr.
have ab0 := Rle_0_sqr (a * b); rewrite /Rsqr in ab0.
have := Rle_0_sqr (F * (b * b) - G * (a * a)); rewrite /Rsqr => sq.
have h := Rmult_le_compat_r _ _ _ ab0 IH.
have -> : 2 * P * (a * b) * (2 * P * (a * b)) = 4 * (P * P * (a * b * (a * b))) by ring.
by nra.
Qed.

End Sums.

(** ** Quadratic forms *)

Definition norm2 (n : nat) (x : nat -> R) : R := sum n (fun i => x i * x i).
Definition form (n : nat) (A : nat -> nat -> R) (x : nat -> R) : R :=
  sum n (fun i => sum n (fun j => x i * A i j * x j)).
Definition posdef (n : nat) (A : nat -> nat -> R) : Prop :=
  forall x, (exists2 i, (i < n)%nat & x i <> 0) -> 0 < form n A x.

Lemma norm2_ge0 n x : 0 <= norm2 n x.
Proof. by apply: sum_ge0 => i _; apply: Rle_0_sqr. Qed.

Lemma norm2_pos n x : (exists2 i, (i < n)%nat & x i <> 0) -> 0 < norm2 n x.
Proof.
move=> [i hi xi]; apply: (Rlt_le_trans _ (x i * x i)); first by have := Rsqr_pos_lt _ xi.
by apply: (sum_ge_term n (fun i => x i * x i)) => // k _; apply: Rle_0_sqr.
Qed.

Lemma form_ext n A B x : (forall i j, (i < n)%nat -> (j < n)%nat -> A i j = B i j) -> form n A x = form n B x.
Proof. by move=> h; apply: sum_ext => i hi; apply: sum_ext => j hj; rewrite h. Qed.

Lemma form_add n A B x : form n (fun i j => A i j + B i j) x = form n A x + form n B x.
Proof. by rewrite /form -sum_add; apply: sum_ext => i _; rewrite -sum_add; apply: sum_ext => j _; ring. Qed.

Lemma form_diag n (d : nat -> R) x :
  form n (fun i j => if Nat.eqb i j then d i else 0) x = sum n (fun i => d i * (x i * x i)).
Proof.
apply: sum_ext => i hi; move: hi; elim: n => [|n IH] hi /=; first by lia.
case: (Nat.eq_dec i n) => [->|ne].
  rewrite Nat.eqb_refl (sum_ext _ _ (fun _ => 0)) ?sum0; last by ring.
  by move=> j hj; rewrite (proj2 (Nat.eqb_neq n j)); [lia | ring].
by rewrite (proj2 (Nat.eqb_neq i n) ne) IH; [lia | ring].
Qed.

(** x^T R^T R x = |R x|^2, R with m rows. *)
Lemma form_gram n m (Q : nat -> nat -> R) x :
  form n (fun i j => sum m (fun k => Q k i * Q k j)) x
  = sum m (fun k => sum n (fun i => Q k i * x i) * sum n (fun i => Q k i * x i)).
Proof.
rewrite /form; transitivity (sum n (fun i => sum m (fun k => (Q k i * x i) * sum n (fun j => Q k j * x j)))).
  apply: sum_ext => i _; rewrite (sum_ext _ _ (fun j => sum m (fun k => (Q k i * x i) * (Q k j * x j)))).
    by move=> j _; rewrite -sum_scale -sum_scale_r; apply: sum_ext => k _; ring.
  by rewrite sum_exchange; apply: sum_ext => k _; rewrite sum_scale.
by rewrite sum_exchange; apply: sum_ext => k _; rewrite sum_scale_r.
Qed.

Lemma form_gram_ge0 n m (Q : nat -> nat -> R) x : 0 <= form n (fun i j => sum m (fun k => Q k i * Q k j)) x.
Proof. by rewrite form_gram; apply: sum_ge0 => k _; apply: Rle_0_sqr. Qed.

(** |x^T E x| is at most the sum of the row sums of |E| against x_i^2, for a bound that is symmetric. *)
Lemma form_row_sums n (E B : nat -> nat -> R) x :
  (forall i j, (i < n)%nat -> (j < n)%nat -> Rabs (E i j) <= B i j) ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> B i j = B j i) ->
  Rabs (form n E x) <= sum n (fun i => sum n (fun j => B i j) * (x i * x i)).
Proof.
move=> EB sB; apply: (Rle_trans _ (sum n (fun i => sum n (fun j => B i j * ((x i * x i + x j * x j) / 2))))).
  apply: Rle_trans (sum_abs _ _) _; apply: sum_le => i hi; apply: Rle_trans (sum_abs _ _) _.
  apply: sum_le => j hj; have := EB i j hi hj; have := Rabs_pos (E i j); rewrite !Rabs_mult => e0 e1.
  have := Rle_0_sqr (Rabs (x i) - Rabs (x j)); rewrite /Rsqr => sq.
  have Ei : x i * x i = Rabs (x i) * Rabs (x i) by rewrite -Rabs_mult Rabs_pos_eq //; apply: Rle_0_sqr.
  have Ej : x j * x j = Rabs (x j) * Rabs (x j) by rewrite -Rabs_mult Rabs_pos_eq //; apply: Rle_0_sqr.
  rewrite Ei Ej; have := Rabs_pos (x i); have := Rabs_pos (x j).
  move: (Rabs (x i)) (Rabs (x j)) sq {Ei Ej} => a b sq b0 a0; have ab0 : 0 <= a * b by nra.
  have := Rmult_le_compat_r _ _ _ ab0 e1.
  have : 0 <= B i j * ((a - b) * (a - b)) by apply: Rmult_le_pos => //; lra.
  by nra.
rewrite (sum_ext _ _ (fun i => sum n (fun j => B i j) * (x i * x i) / 2
  + sum n (fun j => B j i * (x j * x j) / 2))).
  move=> i hi; have -> : sum n (fun j => B i j) * (x i * x i) / 2 = sum n (fun j => B i j * (x i * x i) / 2).
    by rewrite /Rdiv Rmult_assoc -sum_scale_r; apply: sum_ext => j _; ring.
  by rewrite -sum_add; apply: sum_ext => j hj; rewrite (sB j i) //; field.
rewrite sum_add sum_exchange -sum_add; apply: Req_le; apply: sum_ext => i _.
have -> : sum n (fun j => B i j * (x i * x i) / 2) = sum n (fun j => B i j) * (x i * x i / 2).
  by rewrite -sum_scale_r; apply: sum_ext => j _; field.
by field.
Qed.

(** ** The residual variant (theory 8; Rump, Acta Numerica 19 (2010), 10.8) *)
Theorem posdef_residual n m (A Q B : nat -> nat -> R) (c : R) :
  (forall i j, (i < n)%nat -> (j < n)%nat -> B i j = B j i) ->
  (forall i j, (i < n)%nat -> (j < n)%nat ->
    Rabs (A i j - (if Nat.eqb i j then c else 0) - sum m (fun k => Q k i * Q k j)) <= B i j) ->
  (forall i, (i < n)%nat -> sum n (fun j => B i j) < c) ->
  posdef n A.
Proof.
move=> sB AB Bc x x0.
pose E i j := A i j - (if Nat.eqb i j then c else 0) - sum m (fun k => Q k i * Q k j).
rewrite (form_ext _ _ (fun i j => sum m (fun k => Q k i * Q k j) + ((if Nat.eqb i j then c else 0) + E i j)));
  first by rewrite /E => i j _ _; ring.
rewrite form_add (form_add n (fun i j => if Nat.eqb i j then c else 0) E) form_diag; have g := form_gram_ge0 n m Q x.
have /Rabs_le_inv[e _] := form_row_sums n E B x AB sB.
suff : 0 < sum n (fun i => c * (x i * x i)) - sum n (fun i => sum n (fun j => B i j) * (x i * x i)) by lra.
rewrite -sum_sub; case: x0 => i hi xi; have s0 := Rsqr_pos_lt _ xi; rewrite /Rsqr in s0.
apply: (Rlt_le_trans _ ((c - sum n (fun j => B i j)) * (x i * x i))).
  by apply: Rmult_lt_0_compat => //; have := Bc i hi; lra.
apply: Rle_trans (sum_ge_term n (fun i => (c - sum n (fun j => B i j)) * (x i * x i)) i hi _) _.
  by move=> k hk; apply: Rmult_le_pos; [have := Bc k hk; lra | apply: Rle_0_sqr].
by apply: sum_le => k _; lra.
Qed.
